internal import AsyncHTTPClient
internal import NIOHTTP1

/// What matters of an answer's head.
struct AnswerHead: Sendable {
  let status: Int
  let retryAfter: String?
  let warnings: [String]

  init(_ answer: HTTPClientResponse) {
    status = Int(answer.status.code)
    retryAfter = answer.headers.first(name: "Retry-After")
    warnings = answer.headers["Warning"]
  }
}
