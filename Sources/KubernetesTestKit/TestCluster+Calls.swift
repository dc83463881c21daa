internal import AsyncHTTPClient
internal import FoundationEssentials
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// What a server answered.
package struct ClusterAnswer: Sendable {
  package let code: Int
  /// By names in lower case.
  package let headers: [String: String]
  package let body: [UInt8]

  /// null for what is no JSON.
  package var json: JSON { (try? JSON(parsing: body)) ?? .null }
  package var text: String { String(decoding: body, as: UTF8.self) }
  /// `metadata.resourceVersion` of an object or a list.
  package var resourceVersion: String { json["metadata"]["resourceVersion"].string ?? "" }
  /// Of a `Status`.
  package var reason: String { json["reason"].string ?? "" }
}

extension TestCluster {
  /// Any request.
  ///
  /// - Parameters:
  ///   - method: of HTTP.
  ///   - contentType: of the body; JSON unless told otherwise.
  ///   - accept: what the answer may be: JSON unless told otherwise.
  ///   - token: nil for the cluster's own, empty for none.
  package func call(
    _ method: String, _ path: String, query: [(String, String)] = [], body: JSON? = nil,
    contentType: String = "application/json", accept: String = "application/json",
    token: String? = nil, within limit: Duration = .seconds(20)
  ) async throws -> ClusterAnswer {
    var request = request(method, path, query, body, contentType, token)
    request.headers.replaceOrAdd(name: "Accept", value: accept)
    let answer = try await HTTPClient.shared.execute(
      request, timeout: .milliseconds(limit.components.seconds * 1000))
    let bytes = try await answer.body.collect(upTo: 256 << 20)
    return ClusterAnswer(
      code: Int(answer.status.code),
      headers: Dictionary(answer.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in
        first
      }, body: Array(bytes.readableBytesView))
  }

  /// Opens a watch, and collects its events until it ends or is let go.
  package func watch(_ path: String, query: [(String, String)] = []) async throws -> ClusterWatch {
    let request = request("GET", path, [("watch", "true")] + query, nil, "", nil)
    let answer = try await HTTPClient.shared.execute(request, timeout: .hours(1))
    return ClusterWatch(code: Int(answer.status.code)) { take in
      for try await part in answer.body { take(Array(part.readableBytesView)) }
    }
  }

  private func request(
    _ method: String, _ path: String, _ query: [(String, String)], _ body: JSON?,
    _ contentType: String, _ token: String?
  ) -> HTTPClientRequest {
    let pairs = query.map { "\(escaped($0.0))=\(escaped($0.1))" }
    var request = HTTPClientRequest(
      url: url + path + (pairs.isEmpty ? "" : "?\(pairs.joined(separator: "&"))"))
    request.method = HTTPMethod(rawValue: method)
    let token = token ?? self.token
    if !token.isEmpty { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
    request.headers.add(name: "Accept", value: "application/json")
    // A long list of objects that are alike shrinks further than this client believes.
    request.headers.add(name: "Accept-Encoding", value: "identity")
    if let body {
      request.headers.add(name: "Content-Type", value: contentType)
      request.body = .bytes(ByteBuffer(bytes: body.bytes))
    }
    if let authority {
      var configuration = TLSConfiguration.makeClientConfiguration()
      configuration.trustRoots = .file(authority)
      request.tlsConfiguration = configuration
    }
    return request
  }

  private func escaped(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        result.append(Character(Unicode.Scalar(byte)))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%\(digits.count == 1 ? "0" : "")\(digits)"
      }
    }
    return result
  }
}
