/// What an API server answered when it was asked about rights.
package struct RightsReview: Sendable {
  /// Those that it refuses, in the order in which they were asked about.
  package internal(set) var missing: [APIRight] = []
  /// Why some have no answer; nil where each has one.
  package internal(set) var failure: APIFailure?
}
