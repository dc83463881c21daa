/// Where the etcd cluster is and how to be let in.
package struct EtcdOptions: Hashable, Sendable {
  /// URLs of members, `http` or `https`; the first is used until it fails.
  package var endpoints: [String]
  /// What the keys begin with, without the slash at the end.
  package var prefix: String
  /// PEM file with the authorities that sign the members' certificates; nil for the system's.
  package var authority: String?
  /// PEM file with our certificate, and the chain above it.
  package var certificate: String?
  /// PEM file with the certificate's key.
  package var key: String?
  package var userName: String?
  /// File with the user's password in its first line.
  package var passwordFile: String?

  package init(
    endpoints: [String], prefix: String = "/announcer", authority: String? = nil,
    certificate: String? = nil, key: String? = nil, userName: String? = nil,
    passwordFile: String? = nil
  ) {
    self.endpoints = endpoints
    self.prefix = prefix
    self.authority = authority
    self.certificate = certificate
    self.key = key
    self.userName = userName
    self.passwordFile = passwordFile
  }
}
