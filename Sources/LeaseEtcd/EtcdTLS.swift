internal import FoundationEssentials
internal import Glibc
internal import Lease
internal import NIOSSL

extension EtcdOptions {
  /// What TLS is spoken with; every file is read and tried once here, so that a bad one is said at
  /// the start instead of at the first handshake.
  func tlsConfiguration() throws(StoreFailure) -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    if let authority {
      let certificates = try certificates(in: authority, as: "lease.etcd.ca")
      configuration.trustRoots = .certificates(certificates)
    }
    guard (certificate == nil) == (key == nil) else {
      throw StoreFailure(
        .misconfigured, "`lease.etcd.certificate` and `lease.etcd.key` go together: set both")
    }
    guard let certificate, let key else { return configuration }
    let chain = try certificates(in: certificate, as: "lease.etcd.certificate")
    if let own = chain.first, own.notValidAfter < time(nil) {
      let end = Date(timeIntervalSince1970: Double(own.notValidAfter)).formatted(.iso8601)
      throw StoreFailure(
        .misconfigured, "the certificate in `\(certificate)` (lease.etcd.certificate) ended \(end)")
    }
    configuration.certificateChain = chain.map { .certificate($0) }
    _ = try contents(of: key, as: "lease.etcd.key")
    do {
      configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
    } catch {
      throw StoreFailure(
        .misconfigured, "`\(key)` (lease.etcd.key) is no private key in PEM form, unencrypted")
    }
    do {
      _ = try NIOSSLContext(configuration: configuration)
    } catch {
      throw StoreFailure(
        .misconfigured,
        "the key in `\(key)` (lease.etcd.key) is not that of the certificate in `\(certificate)`")
    }
    return configuration
  }

  private func certificates(
    in path: String, as name: String
  ) throws(StoreFailure) -> [NIOSSLCertificate] {
    let bytes = try contents(of: path, as: name)
    guard let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes), !certificates.isEmpty
    else {
      throw StoreFailure(.misconfigured, "`\(path)` (\(name)) has no certificate in PEM form")
    }
    return certificates
  }

  /// The password, read afresh each time so that a new one is found without a restart.
  func password() throws(StoreFailure) -> String {
    guard let passwordFile else { return "" }
    let bytes = try contents(of: passwordFile, as: "lease.etcd.passwordFile")
    return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }

  private func contents(of path: String, as name: String) throws(StoreFailure) -> [UInt8] {
    do {
      return Array(try Data(contentsOf: URL(filePath: path)))
    } catch {
      let missing = unsafe access(path, F_OK) != 0
      throw StoreFailure(
        .misconfigured,
        "cannot read `\(path)` (\(name)): \(missing ? "no such file" : "is it a readable file?")")
    }
  }
}
