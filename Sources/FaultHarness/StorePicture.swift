internal import Wire

/// Who has what in the store at one moment; sessions by number, as the checkers know them.
struct StorePicture: Equatable {
  /// The live session of each node.
  var sessions: [String: Int64] = [:]
  /// Which session each claim names, live or not.
  var claims: [IPAddress: Int64] = [:]
}
