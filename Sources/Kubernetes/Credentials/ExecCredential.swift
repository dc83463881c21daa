internal import FoundationEssentials
internal import LinuxSystem
internal import Time

/// What an exec plug-in answered.
struct ExecCredential: Sendable {
  let token: String?
  let certificate: ClusterUser.Certificate?
  /// Nil where it holds until it is refused.
  let expiresAt: Instant?

  private struct Form: Decodable {
    let apiVersion: String?
    let kind: String?
    let status: Status?

    struct Status: Decodable {
      let token: String?
      let clientCertificateData: String?
      let clientKeyData: String?
      let expirationTimestamp: String?
    }
  }

  /// - Throws: what is wrong with it, to follow the plug-in's name.
  init(_ output: [UInt8], apiVersion: String) throws(AccessFault) {
    guard let form = try? JSONDecoder().decode(Form.self, from: Data(output)),
      form.kind == "ExecCredential"
    else { throw AccessFault("it wrote no ExecCredential in JSON") }
    guard form.apiVersion == apiVersion else {
      throw AccessFault(
        "it answered in `\(form.apiVersion ?? "")`, not in `\(apiVersion)` as it was asked")
    }
    let status = form.status
    token = status?.token?.isEmpty == false ? status?.token : nil
    let chain = status?.clientCertificateData ?? ""
    let key = status?.clientKeyData ?? ""
    guard chain.isEmpty == key.isEmpty else {
      throw AccessFault("clientCertificateData and clientKeyData go together")
    }
    certificate =
      chain.isEmpty
      ? nil
      : ClusterUser.Certificate(chain: .octets(Array(chain.utf8)), key: .octets(Array(key.utf8)))
    guard token != nil || certificate != nil else {
      throw AccessFault("it gave neither a token nor a certificate")
    }
    guard let end = status?.expirationTimestamp, !end.isEmpty else {
      expiresAt = nil
      return
    }
    guard let date = Self.date(end) else {
      throw AccessFault("the expirationTimestamp `\(end)` is no time like 2030-01-01T00:00:00Z")
    }
    // The plug-in has the time of day alone. It decides no more than when the plug-in is run again; what
    // has ended earlier is refused, which runs it as well.
    let left = date.timeIntervalSince1970 - Double(wallClockNanoseconds()) / 1e9
    expiresAt = .now + .seconds(min(max(left, 0), 1e8))
  }

  private static func date(_ text: String) -> Date? {
    (try? Date(text, strategy: .iso8601))
      ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
  }
}
