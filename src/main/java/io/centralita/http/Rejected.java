package io.centralita.http;

import static org.apache.pekko.http.javadsl.server.Directives.complete;

import io.centralita.http.Problem.FieldError;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.server.InvalidRequiredValueForQueryParamRejection;
import org.apache.pekko.http.javadsl.server.MalformedHeaderRejection;
import org.apache.pekko.http.javadsl.server.MalformedQueryParamRejection;
import org.apache.pekko.http.javadsl.server.MethodRejection;
import org.apache.pekko.http.javadsl.server.MissingHeaderRejection;
import org.apache.pekko.http.javadsl.server.MissingQueryParamRejection;
import org.apache.pekko.http.javadsl.server.Rejection;
import org.apache.pekko.http.javadsl.server.RejectionHandler;
import org.apache.pekko.http.javadsl.server.RequestEntityExpectedRejection;
import org.apache.pekko.http.javadsl.server.UnacceptedResponseContentTypeRejection;
import org.apache.pekko.http.javadsl.server.UnsupportedRequestContentTypeRejection;
import org.apache.pekko.http.javadsl.server.UnsupportedRequestEncodingRejection;

/** Requests that no route took, told as problems. */
final class Rejected {
  private Rejected() {}

  static RejectionHandler handler() {
    return RejectionHandler.newBuilder()
        .handleAll(
            Rejection.class,
            rejections -> complete(Errors.response(problem(List.copyOf(rejections)))))
        .handleNotFound(complete(Errors.response(Problem.of(404, "there is no such path"))))
        .build();
  }

  // A path whose method fits has said more of the request than one whose method does not.
  private static Problem problem(List<Rejection> rejections) {
    return rejections.stream()
        .filter(rejection -> !(rejection instanceof MethodRejection))
        .findFirst()
        .map(Rejected::problem)
        .orElseGet(() -> methodNotAllowed(rejections));
  }

  private static Problem methodNotAllowed(List<Rejection> rejections) {
    var allowed =
        rejections.stream()
            .filter(MethodRejection.class::isInstance)
            .map(rejection -> ((MethodRejection) rejection).supported().value())
            .flatMap(method -> method.equals("GET") ? Stream.of("GET", "HEAD") : Stream.of(method))
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    return Problem.of(405, "this path takes " + allowed).withHeader("Allow", allowed);
  }

  // The rejections' own messages may repeat what was sent.
  private static Problem problem(Rejection rejection) {
    return switch (rejection) {
      case MissingQueryParamRejection r -> field(r.parameterName(), "required");
      case MalformedQueryParamRejection r -> field(r.parameterName(), "not of the expected form");
      case InvalidRequiredValueForQueryParamRejection r ->
          field(r.parameterName(), "not the expected value");
      case MissingHeaderRejection r -> field(r.headerName(), "required");
      case MalformedHeaderRejection r -> field(r.headerName(), "not of the expected form");
      case RequestEntityExpectedRejection _ -> field("body", "required");
      case UnsupportedRequestContentTypeRejection r ->
          Problem.of(
              415,
              "expected "
                  + r.getSupported().stream()
                      .map(Object::toString)
                      .sorted()
                      .collect(Collectors.joining(", ")));
      case UnsupportedRequestEncodingRejection _ ->
          Problem.of(415, "Content-Encoding is not understood here");
      case UnacceptedResponseContentTypeRejection _ ->
          Problem.of(406, "none of the accepted media types can be given");
      default -> Problem.of(400, "the request is not of the expected form");
    };
  }

  private static Problem field(String name, String reason) {
    return ProblemException.badRequest(List.of(new FieldError(name, reason))).problem();
  }
}
