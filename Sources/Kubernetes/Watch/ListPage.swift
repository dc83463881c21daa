internal import FoundationEssentials

/// What paging needs to know of a list's page.
struct ListPage: Sendable {
  let resourceVersion: String
  /// Where the next page begins; nil on the last.
  let continuation: String?

  /// Nil for what is no list.
  init?(_ octets: [UInt8]) {
    guard let form = try? JSONDecoder().decode(Form.self, from: Data(octets)),
      form.kind.hasSuffix("List"), let version = form.metadata.resourceVersion, !version.isEmpty
    else { return nil }
    resourceVersion = version
    let token = form.metadata.continue ?? ""
    continuation = token.isEmpty ? nil : token
  }

  private struct Form: Decodable {
    let kind: String
    let metadata: Metadata
  }

  private struct Metadata: Decodable {
    let resourceVersion: String?
    let `continue`: String?
  }
}
