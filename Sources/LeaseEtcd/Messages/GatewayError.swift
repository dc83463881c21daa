/// What the gateway answers instead of what was asked for.
///
/// An error of a call is `{"error":"…","message":"…","code":5}`; one inside a stream is
/// `{"error":{"grpc_code":14,"http_code":503,"message":"…"}}`.
struct GatewayError: Decodable {
  /// gRPC's code and etcd's words.
  struct Details: Decodable, Sendable {
    var code: Int32
    var message: String

    init(code: Int32, message: String) {
      self.code = code
      self.message = message
    }

    private enum CodingKeys: String, CodingKey {
      case code, message
      case streamCode = "grpc_code"
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      let streamCode = try container.decodeIfPresent(Int32.self, forKey: .streamCode)
      code = try streamCode ?? container.decodeIfPresent(Int32.self, forKey: .code) ?? 0
      message = try container.decodeIfPresent(String.self, forKey: .message) ?? ""
    }
  }

  let details: Details

  private enum CodingKeys: String, CodingKey { case error }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let nested = try? container.decode(Details.self, forKey: .error) {
      details = nested
    } else {
      // Something with `error` in it, or it is none of etcd's answers.
      let text = try container.decode(String.self, forKey: .error)
      var plain = try Details(from: decoder)
      if plain.message.isEmpty { plain.message = text }
      details = plain
    }
  }
}
