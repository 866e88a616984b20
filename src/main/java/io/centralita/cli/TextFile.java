package io.centralita.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of text that a command is given. */
final class TextFile {
  private TextFile() {}

  /** The whole of it; fails with a sentence that names the file. */
  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new CommandFailure("the file " + file + " is not text in UTF-8", e);
    } catch (IOException e) {
      throw new CommandFailure("the file " + file + " cannot be read", e);
    }
  }
}
