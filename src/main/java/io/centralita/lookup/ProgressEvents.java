package io.centralita.lookup;

import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** A file's progress as it happens, wherever in the cluster the file lives. */
final class ProgressEvents {
  private final UserFiles userFiles;

  ProgressEvents(UserFiles userFiles) {
    this.userFiles = userFiles;
  }

  /** The file now, and whenever it changes, until it is completed or removed. */
  Source<FileView, NotUsed> of(long id) {
    return userFiles
        .progress(id)
        .mapAsync(1, userFiles::shown)
        .filter(Optional::isPresent)
        .map(Optional::get);
  }
}
