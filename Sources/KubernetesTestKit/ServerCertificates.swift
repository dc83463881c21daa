internal import EtcdTestKit
internal import NIOSSL

/// The files of a test server's TLS, removed with the last reference.
package final class ServerCertificates: Sendable {
  private let scratch: EtcdScratch
  private let files: EtcdTLSFiles

  init() async throws {
    scratch = try EtcdScratch()
    files = try await EtcdTLSFiles(in: scratch.path, hosts: ["127.0.0.1", "localhost"])
  }

  deinit { scratch.removeAtOnce() }

  /// The authority's certificate, which clients trust.
  package var authority: String { files.authority }
  /// An authority that signed nothing here.
  package var otherAuthority: String { files.otherAuthority }
  /// For a client that has no token.
  package var clientCertificate: String { files.clientCertificate }
  package var clientKey: String { files.clientKey }
  /// For `clientKey` too, but over since 2020.
  package var expiredCertificate: String { files.expiredCertificate }

  func context() throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(files.serverCertificate)
        .map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: files.serverKey, format: .pem)))
    configuration.trustRoots = .file(files.authority)
    configuration.certificateVerification = .optionalVerification
    configuration.applicationProtocols = ["http/1.1"]
    return try NIOSSLContext(configuration: configuration)
  }
}
