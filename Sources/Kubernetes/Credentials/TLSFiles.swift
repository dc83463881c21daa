internal import FoundationEssentials
internal import LinuxSystem
internal import NIOSSL

/// What TLS is spoken with, as it was read last.
struct TLSFiles: Hashable, Sendable {
  /// Nil where the system's authorities count, or anybody.
  var authority: [UInt8]?
  var chain: [UInt8]?
  var key: [UInt8]?

  /// Reads what is in files.
  ///
  /// - Parameter certificate: an exec plug-in's, which goes before the kubeconfig's.
  init(
    _ access: ClusterAccess, certificate: ClusterUser.Certificate?
  ) throws(AccessFault) {
    if case .certificates(let material) = access.authority {
      authority = try material.contents("certificate-authority")
    }
    if let certificate = certificate ?? access.user.certificate {
      chain = try certificate.chain.contents("client-certificate")
      key = try certificate.key.contents("client-key")
    }
  }

  /// - Throws: what is wrong with them. Somebody may be replacing them at this moment.
  func configuration(for access: ClusterAccess) throws(AccessFault) -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    if access.authority == .anybody { configuration.certificateVerification = .none }
    if let authority {
      let certificates = try Self.certificates(authority, name(access.authorityFile, "authority"))
      configuration.trustRoots = .certificates(certificates)
    }
    guard let chain, let key else { return configuration }
    let chainName = name(access.user.certificate?.chain.file, "certificate")
    let keyName = name(access.user.certificate?.key.file, "key")
    let certificates = try Self.certificates(chain, chainName)
    if let own = certificates.first, own.notValidAfter < wallClockNanoseconds() / 1_000_000_000 {
      let end = Date(timeIntervalSince1970: Double(own.notValidAfter)).formatted(.iso8601)
      throw AccessFault("\(chainName) ended \(end)")
    }
    configuration.certificateChain = certificates.map { .certificate($0) }
    do {
      configuration.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: key, format: .pem))
    } catch {
      throw AccessFault("\(keyName) is no private key in PEM form, unencrypted")
    }
    do {
      _ = try NIOSSLContext(configuration: configuration)
    } catch {
      throw AccessFault("\(keyName) is not that of \(chainName)")
    }
    return configuration
  }

  private func name(_ file: String?, _ what: String) -> String {
    file.map { "the \(what) in `\($0)`" } ?? "the \(what)"
  }

  private static func certificates(
    _ octets: [UInt8], _ name: String
  ) throws(AccessFault) -> [NIOSSLCertificate] {
    guard let certificates = try? NIOSSLCertificate.fromPEMBytes(octets), !certificates.isEmpty
    else { throw AccessFault("\(name) is no certificate in PEM form") }
    return certificates
  }
}

extension ClusterAccess {
  /// Nil where the authority stands in the kubeconfig itself, or there is none.
  var authorityFile: String? {
    guard case .certificates(let material) = authority else { return nil }
    return material.file
  }
}
