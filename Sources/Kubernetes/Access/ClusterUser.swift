/// Who we are to the API server: a certificate, something to put into each request, or both.
package struct ClusterUser: Hashable, Sendable {
  package enum Authorization: Hashable, Sendable {
    case none
    case token(String)
    /// A file with a token, which whoever wrote it replaces before the token ends.
    case tokenFile(String)
    case password(user: String, password: String)
    case exec(ExecPlugIn)
  }

  package struct Certificate: Hashable, Sendable {
    package var chain: Material
    package var key: Material

    package init(chain: Material, key: Material) {
      self.chain = chain
      self.key = key
    }
  }

  package var certificate: Certificate?
  package var authorization: Authorization
  /// Headers by which we act for somebody else (`Impersonate-User` and its siblings).
  package var impersonation: [Header]

  package struct Header: Hashable, Sendable {
    package var name: String
    package var value: String
  }

  package init(
    certificate: Certificate? = nil, authorization: Authorization = .none,
    impersonation: [Header] = []
  ) {
    self.certificate = certificate
    self.authorization = authorization
    self.impersonation = impersonation
  }
}
