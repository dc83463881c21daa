/// The `lease.etcd` section: where etcd is, which keys are ours in it, and who we are to it.
package struct EtcdSettings: Hashable, Sendable {
  /// In the order of the file, which is the order in which they are tried; not empty, all of one
  /// scheme.
  package var endpoints: [EtcdEndpoint]
  /// What our keys begin with: absolute, without a `/` at its end.
  package var prefix: String
  /// The authorities that the servers' certificates are checked against, a PEM file; nil: the system's.
  package var ca: String?
  /// The certificate that we show, a PEM file, with its key.
  package var certificate: ClientCertificate?
  package var user: User?

  /// A certificate and its private key; neither is of use alone.
  package struct ClientCertificate: Hashable, Sendable {
    package var certificate: String
    package var key: String
  }

  /// Whom to log in as.
  package struct User: Hashable, Sendable {
    package var name: String
    /// The file with the password; the configuration itself holds no secret.
    package var passwordFile: String
  }

  /// etcd's own defaults for a client on the same machine.
  package static let defaultEndpoint = EtcdEndpoint(isSecure: false, host: "127.0.0.1")
  package static let defaultPrefix = "/announcer"
  /// Withstands the death of etcd's leader with etcd's default timings.
  package static let defaultDuration = Duration.seconds(5)

  init(_ value: Value?) {
    let section = value.flatMap { Section($0) }
    let written = section?.value("endpoints").map(Self.endpoints) ?? [Self.defaultEndpoint]
    endpoints = written.isEmpty ? [Self.defaultEndpoint] : written
    prefix = section?.value("prefix")?.keyPrefix() ?? Self.defaultPrefix
    let files = ["ca", "certificate", "key"].map { key in
      section?.value(key).map { (value: $0, path: $0.absolutePath()) }
    }
    ca = files[0]?.path
    certificate = section.flatMap { section in
      section.both("certificate", files[1] != nil, "key", files[2] != nil)
      guard let certificate = files[1]?.path, let key = files[2]?.path else { return nil }
      return ClientCertificate(certificate: certificate, key: key)
    }
    let name = section?.value("username")
    let password = section?.value("passwordFile")
    section?.both("username", name != nil, "passwordFile", password != nil)
    if let name = name?.name(example: "announcer"), let password = password?.absolutePath() {
      user = User(name: name, passwordFile: password)
    }
    section?.finish()
    // Whoever writes these counts on TLS. Endpoints that could not be read are a fault of their own.
    guard let first = written.first, !first.isSecure else { return }
    for file in files.compactMap({ $0?.value }) {
      file.fail(
        "it has no effect, because \(first) is spoken to without TLS",
        suggestion: "write https:// in lease.etcd.endpoints, or remove the key")
    }
  }

  /// Those that can be read.
  private static func endpoints(_ value: Value) -> [EtcdEndpoint] {
    guard let values = value.list(example: "[\"\(EtcdEndpoint.example)\"]") else { return [] }
    if values.isEmpty {
      value.fail(
        "the list has no endpoints", suggestion: "write [\"\(EtcdEndpoint.example)\"]")
    }
    var endpoints: [EtcdEndpoint] = []
    for value in values {
      guard let endpoint = value.etcdEndpoint() else { continue }
      if endpoints.contains(endpoint) {
        value.fail("the endpoint \(endpoint) is listed twice", suggestion: "keep one of them")
      } else if let first = endpoints.first, first.isSecure != endpoint.isSecure {
        value.fail(
          "\(endpoint) and \(first) mix http and https: "
            + "what is protected on one way would be open on the other",
          suggestion: "write all of them with https://")
      } else {
        endpoints.append(endpoint)
      }
    }
    return endpoints
  }
}

extension Section {
  /// Two keys that are of use together only.
  fileprivate func both(_ left: String, _ hasLeft: Bool, _ right: String, _ hasRight: Bool) {
    guard hasLeft != hasRight else { return }
    let (missing, present) = hasLeft ? (right, left) : (left, right)
    fail(
      "`\(present)` is of no use without it", suggestion: "write both or neither", key: missing)
  }
}

extension Value {
  fileprivate func etcdEndpoint() -> EtcdEndpoint? {
    guard let text = text() else { return nil }
    do throws(EtcdEndpoint.Failure) {
      return try EtcdEndpoint(text)
    } catch {
      fail("'\(Self.excerpt(text))' \(error.message)", suggestion: error.suggestion)
      return nil
    }
  }

  /// What keys in a store begin with.
  fileprivate func keyPrefix() -> String? {
    guard let text = text() else { return nil }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let isClean = text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7f }
    if parts.count > 1, parts[0].isEmpty, parts.dropFirst().allSatisfy({ !$0.isEmpty }), isClean,
      text.utf8.count <= 1024
    {
      return text
    }
    fail(
      "'\(Self.excerpt(text))' cannot be a prefix of keys",
      suggestion: "begin each part with one / and end with none, as in /announcer")
    return nil
  }
}
