internal import FoundationEssentials

/// What is run: the program under test, and what is not everywhere.
struct Programs: Sendable {
  /// The program under test.
  let announcer: String
  /// The kube-apiserver; nil where there is none.
  let apiServer: String?

  /// Why a layout cannot be set up; nil where it can.
  func reasonAgainst(_ layout: Layout) -> String? {
    guard layout.apiServers > 0 else { return nil }
    guard let apiServer else {
      return "no kube-apiserver is named; scripts/build-kube-apiserver makes one (--kube-apiserver)"
    }
    return FileManager.default.isExecutableFile(atPath: apiServer)
      ? nil : "\(apiServer) is no program; scripts/build-kube-apiserver makes one"
  }
}
