package io.centralita.simulators;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A self-signed certificate with its key, made anew each time in a temporary folder. A client that
 * trusts {@link #pem} trusts a server that has {@link #keyStore}; two of them do not trust each
 * other.
 *
 * @param keyStore PKCS12 file with the key and the certificate
 * @param password of the key store and of the key
 * @param pem the certificate alone, to be trusted
 */
public record Certificate(Path keyStore, String password, Path pem) implements AutoCloseable {
  private static final String ALIAS = "simulator";
  private static final String PASSWORD_VARIABLE = "SIMULATOR_STORE_PASSWORD";

  /** Makes a certificate for host names and IP addresses, valid for a year. */
  public static Certificate of(String... hosts) {
    try {
      var folder = Files.createTempDirectory("simulator-certificate");
      var bytes = new byte[16];
      new SecureRandom().nextBytes(bytes);
      var made =
          new Certificate(
              folder.resolve("server.p12"),
              HexFormat.of().formatHex(bytes),
              folder.resolve("server.pem"));
      made.keytool(
          List.of(
              "-genkeypair",
              "-keyalg",
              "EC",
              "-groupname",
              "secp256r1",
              "-sigalg",
              "SHA256withECDSA",
              "-validity",
              "365",
              "-dname",
              "CN=" + hosts[0],
              "-ext",
              "BC:critical=ca:true",
              "-ext",
              "KU=digitalSignature,keyCertSign",
              "-ext",
              "EKU=serverAuth",
              "-ext",
              "SAN=" + Stream.of(hosts).map(Certificate::san).collect(Collectors.joining(","))));
      made.keytool(List.of("-exportcert", "-rfc", "-file", made.pem.toString()));
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException("a certificate cannot be made", e);
    }
  }

  /** Deletes the files. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(keyStore);
      Files.deleteIfExists(pem);
      Files.deleteIfExists(keyStore.resolveSibling("keytool.log"));
      Files.deleteIfExists(keyStore.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException("a certificate's files cannot be deleted", e);
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "Certificate[" + pem + "]";
  }

  private static String san(String host) {
    var isAddress = host.contains(":") || host.matches("[0-9.]+");
    return (isAddress ? "ip:" : "dns:") + host;
  }

  private void keytool(List<String> command) throws IOException {
    var log = keyStore.resolveSibling("keytool.log");
    var tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var store =
        List.of(
            "-alias",
            ALIAS,
            "-storetype",
            "PKCS12",
            "-keystore",
            keyStore.toString(),
            "-storepass:env",
            PASSWORD_VARIABLE);
    var process =
        new ProcessBuilder(Stream.of(List.of(tool), command, store).flatMap(List::stream).toList())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    process.environment().put(PASSWORD_VARIABLE, password);
    var running = process.start();
    try {
      if (!running.waitFor(60, TimeUnit.SECONDS) || running.exitValue() != 0) {
        running.destroyForcibly();
        throw new IOException("keytool failed: " + Files.readString(log));
      }
    } catch (InterruptedException e) {
      running.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool ran", e);
    }
  }
}
