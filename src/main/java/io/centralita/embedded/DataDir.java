package io.centralita.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Comparator;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * The one folder a node owns: embedded servers, spooled uploads, generated secrets. Mode 0700. Held
 * by a lock of the operating system, which a killed process cannot leave behind.
 */
public final class DataDir implements AutoCloseable {
  private static final String LOCK = "node.lock";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path path;
  private final FileChannel lockFile;

  private DataDir(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /**
   * Makes the folder where it is missing, and takes it.
   *
   * @throws IllegalStateException where another node holds it, or nodes live in folders of it that
   *     an earlier cluster left behind, saying which processes
   */
  public static DataDir open(Path path) {
    try {
      var root = path.toAbsolutePath().normalize();
      Files.createDirectories(root);
      Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
      var taken = new DataDir(root, lock(root));
      try {
        taken.requireNoNodesBelow();
      } catch (IOException | RuntimeException e) {
        taken.close();
        throw e;
      }
      return taken;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "CENTRALITA_DATA_DIR: cannot use " + path + " as data directory: " + reason(e), e);
    }
  }

  /**
   * Removes the folder with all that is in it, where there is one. It is taken first: what a node
   * uses stays.
   *
   * @throws IllegalStateException where a node holds it, saying which process
   */
  public static void delete(Path path) {
    if (!Files.exists(path)) {
      return;
    }
    try (var taken = open(path)) {
      taken.removeAll();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the data directory " + path, e);
    }
  }

  private void removeAll() throws IOException {
    try (var entries = Files.list(path)) {
      for (var entry : entries.filter(entry -> !entry.endsWith(LOCK)).toList()) {
        deleteTree(entry);
      }
    }
    Files.delete(path.resolve(LOCK)); // the last, for it keeps others out
    try {
      Files.delete(path);
    } catch (DirectoryNotEmptyException _) {
      // Another process has taken it in this moment: the folder is its own now.
    }
  }

  /** Removes a file, or a folder with all that is in it, where there is one. */
  static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (var files = Files.walk(root)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "it may not be written to";
      case FileAlreadyExistsException _ -> "it is a file";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> e.toString();
    };
  }

  private static FileChannel lock(Path root) throws IOException {
    var file = root.resolve(LOCK);
    var channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (!tryLock(channel)) {
      var holder = Files.readString(file).strip();
      channel.close();
      throw new IllegalStateException(
          "another node is using the data directory "
              + root
              + (holder.isEmpty() ? "" : " (process " + holder + ")")
              + ": stop it, or give this one its own CENTRALITA_DATA_DIR."
              + " Several nodes share one database by CENTRALITA_DB_URL.");
    }
    channel.truncate(0);
    channel.write(
        java.nio.charset.StandardCharsets.US_ASCII.encode(
            Long.toString(ProcessHandle.current().pid())));
    return channel;
  }

  /** Nodes outlive a killed cluster, and go on with this folder's database and cache. */
  private void requireNoNodesBelow() throws IOException {
    var alive = new TreeMap<String, String>();
    try (var folders = Files.newDirectoryStream(path, "node-*")) {
      for (var folder : folders) {
        var file = folder.resolve(LOCK);
        if (Files.exists(file) && isHeld(file)) {
          alive.put(String.valueOf(folder.getFileName()), Files.readString(file).strip());
        }
      }
    }
    if (!alive.isEmpty()) {
      var named = new StringJoiner(", ");
      alive.forEach((node, process) -> named.add(node + " (process " + process + ")"));
      throw new IllegalStateException(
          "nodes of an earlier cluster still run in the data directory "
              + path
              + ": "
              + named
              + ". Stop them first: kill "
              + String.join(" ", alive.values()));
    }
  }

  private static boolean isHeld(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      return !tryLock(channel);
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // held by this very process
    }
  }

  public Path path() {
    return path;
  }

  /** A folder inside, made where it is missing. */
  public Path folder(String name) {
    try {
      return Files.createDirectories(path.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create a folder in " + path, e);
    }
  }

  /** The secret of this name: generated at the first call, the same ever after. Mode 0600. */
  public String secret(String name) {
    return storedSecret(name).orElseGet(() -> storeSecret(name, randomSecret()));
  }

  /** The secret of this name, where one was stored. */
  public Optional<String> storedSecret(String name) {
    var file = folder("secrets").resolve(name);
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the secret " + name, e);
    }
  }

  /** Keeps a secret; written whole or not at all. */
  public String storeSecret(String name, String value) {
    var file = folder("secrets").resolve(name);
    var next = file.resolveSibling(name + ".new");
    try {
      Files.deleteIfExists(next);
      Files.createFile(
          next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(next, value);
      Files.move(next, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot store the secret " + name, e);
    }
  }

  private static String randomSecret() {
    var bytes = new byte[24];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot release the data directory", e);
    }
  }
}
