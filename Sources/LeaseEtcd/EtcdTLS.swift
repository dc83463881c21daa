internal import FoundationEssentials
internal import Glibc
internal import Lease
internal import LinuxSystem
internal import NIOSSL

extension EtcdOptions {
  /// Octets of a file of certificates, a key or a password; a bundle of all public authorities has some 220 KiB.
  private static let longestFile = 4 << 20

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
    do throws(SystemError) {
      return try contentOfRegularFile(path, atMost: Self.longestFile)
    } catch {
      let why =
        switch error.code {
        case ENOENT, ENOTDIR: "no such file"
        case EACCES, EPERM: "permission denied; \(ProcessIdentity.own.remedy(toRead: path))"
        case EISDIR: "it is a directory"
        case EINVAL: "it is no regular file"
        case EFBIG: "it is longer than \(Self.longestFile >> 20) MiB"
        default: "\(error)"
        }
      throw StoreFailure(.misconfigured, "cannot read `\(path)` (\(name)): \(why)")
    }
  }
}
