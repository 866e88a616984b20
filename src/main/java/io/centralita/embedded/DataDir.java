package io.centralita.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * The one folder a node owns: embedded servers, spooled uploads, generated secrets. Mode 0700. Held
 * by a lock of the operating system, which a killed process cannot leave behind.
 */
public final class DataDir implements AutoCloseable {
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
   * @throws IllegalStateException where another node holds it, saying which process
   */
  public static DataDir open(Path path) {
    try {
      var root = path.toAbsolutePath().normalize();
      Files.createDirectories(root);
      Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
      return new DataDir(root, lock(root));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "CENTRALITA_DATA_DIR: cannot use " + path + " as data directory: " + reason(e), e);
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
    var file = root.resolve("node.lock");
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
