internal import FoundationEssentials
internal import HTTPTransport

extension APIFailure {
  /// What an answer other than 2xx means.
  ///
  /// - Parameters:
  ///   - action: what was tried, and where: `GET /api/v1/nodes on https://10.80.0.5:6443`.
  ///   - retryAfter: the header of that name.
  init(status: Int, retryAfter header: String?, body: [UInt8], action: String) {
    self.init(
      status: status, StatusAnswer(body), retryAfter: header, body: body, action: action)
  }

  /// What the Status of an ERROR event in a watch means.
  init(_ answer: StatusAnswer, action: String) {
    self.init(
      status: answer.code ?? 500, answer, retryAfter: nil, body: [], action: action)
  }

  private init(
    status: Int, _ answer: StatusAnswer?, retryAfter header: String?, body: [UInt8], action: String
  ) {
    let message = answer?.message ?? ""
    kind = Self.kind(of: status, message: message)
    self.status = status
    reason = answer?.reason ?? ""
    // Seconds; the form with a date would have to be compared with the time of day.
    let seconds =
      header.flatMap { Int($0.filter { $0 != " " }) } ?? answer?.details?.retryAfterSeconds
    retryAfter = seconds.map { .seconds(min(max($0, 0), 120)) }
    mayHaveTakenEffect = status >= 500
    let cause: String
    if !message.isEmpty {
      cause = "HTTP \(status): \(message.oneLine)"
    } else if let answer, answer.reason?.isEmpty == false {
      cause = "HTTP \(status): \((answer.reason ?? "").oneLine)"
    } else {
      cause = "HTTP \(status)\(Self.words(for: body, status: status))"
    }
    text = "\(action): \(cause)\(Self.hint(status))"
  }

  private static func kind(of status: Int, message: String) -> Kind {
    switch status {
    case 507: .exhausted
    case 403 where message.contains("exceeded quota"): .exhausted
    case 500... where message.contains("database space exceeded"): .exhausted
    case 401, 403: .refused
    case 404: .notFound
    case 409: .conflict
    case 410: .gone
    case 429: .throttled
    case 408: .timedOut
    case 300..<400, 407: .misconfigured
    case 400..<500: .invalid
    case 500...: .unavailable
    default: .unintelligible
    }
  }

  /// For a body that is no Status: somebody before the API server has answered, or it is none.
  private static func words(for body: [UInt8], status: Int) -> String {
    let text = String(decoding: body.prefix(2000), as: UTF8.self)
    let start = text.drop { $0.isWhitespace }
    if start.isEmpty { return "" }
    if start.hasPrefix("<") { return ", with a page of HTML: is a proxy in between?" }
    return ": \(String(start).oneLine)"
  }

  private static func hint(_ status: Int) -> String {
    switch status {
    case 401: "; are the credentials still valid?"
    case 300..<400: "; it wants to send us elsewhere: is this the API server's own URL?"
    case 407: "; the proxy wants a user and a password"
    default: ""
    }
  }

  /// A 2xx whose body is not JSON.
  static func noJSON(_ body: [UInt8], status: Int, action: String) -> APIFailure {
    let words = words(for: body, status: status)
    return APIFailure(
      .unintelligible, status: status, mayHaveTakenEffect: true,
      text: "\(action): the answer is no JSON: HTTP \(status)\(words.isEmpty ? ", empty" : words)")
  }

  init(_ failure: TransportFailure, action: String) {
    let kind: Kind
    switch failure.kind {
    case .unreachable, .connectionClosed: kind = .unreachable
    case .timedOut: kind = .timedOut
    case .cancelled: kind = .cancelled
    case .misconfigured: kind = .misconfigured
    case .exhausted: kind = .exhausted
    case .unintelligible: kind = .unintelligible
    }
    let hadNoConnection = [.unreachable, .misconfigured, .exhausted].contains(failure.kind)
    self.init(
      kind, mayHaveTakenEffect: !hadNoConnection, text: "\(action): \(failure.cause)")
  }
}
