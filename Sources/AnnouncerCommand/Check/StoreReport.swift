internal import Daemon
internal import Lease
internal import Time

/// A place of the lease store that was tried.
struct StoreReport: Encodable {
  let place: String
  /// What it is and allows; null where it failed.
  let answer: String?
  /// Why it failed; null where it did not.
  let error: String?
  let tookMs: Double

  private enum CodingKeys: String, CodingKey { case place, answer, error, tookMs }

  init(_ trial: StoreTrial) {
    place = trial.place
    tookMs = (trial.took.milliseconds * 10).rounded() / 10
    switch trial.outcome {
    case .success(let words): (answer, error) = (words, nil)
    case .failure(let failure): (answer, error) = (nil, failure.text)
    }
  }

  /// For people; the error itself stands among the problems.
  var line: String {
    answer.map { "\(place): \($0), \(tookMs) ms" } ?? "\(place): failed after \(tookMs) ms"
  }

  /// Absent values are null, never missing.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(place, forKey: .place)
    try container.encode(answer, forKey: .answer)
    try container.encode(error, forKey: .error)
    try container.encode(tookMs, forKey: .tookMs)
  }
}
