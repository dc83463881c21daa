struct AuthenticateRequest: Encodable, Sendable {
  var name: String
  var password: String
}

struct AuthenticateAnswer: EtcdAnswer {
  var header: ResponseHeader?
  var token: String?
}
