internal import Announcer
package import Wire
internal import YAMLDocuments

/// One entry of `announcements`: addresses, and where they may be announced.
package struct AnnouncementEntry: Hashable, Sendable {
  /// Where the wish comes from, for people: `configuration/ingress`, or `configuration/0` for the
  /// first entry where it has no name.
  package var origin: String
  /// In the order of the file; they may overlap, within an entry and between entries.
  package var ranges: [IPRange]
  package var interfaces: InterfaceConstraint
  /// The nodes that may announce it; nil means every node.
  package var nodes: Set<String>?

  /// Reads `announcements`, and holds all entries together against the limit on addresses.
  static func list(_ value: Value?, defaults: [InterfacePattern]) -> [AnnouncementEntry] {
    guard let value, let elements = value.list(example: "- addresses: [10.80.8.150]") else {
      return []
    }
    var names: [String: Place] = [:]
    var entries: [AnnouncementEntry] = []
    for (index, element) in elements.enumerated() {
      guard let section = Section(element) else { continue }
      let name = section.value("name")
      if let name, let text = name.name() {
        if let first = names[text] {
          name.fail(
            "the name '\(text)' is taken by the announcement on line \(first.line)",
            suggestion: "give each a name of its own")
        }
        names[text] = name.place
      }
      entries.append(AnnouncementEntry(section, index: index, defaults: defaults))
    }
    let count = AddressCount.distinct(in: entries.flatMap(\.ranges))
    if count > Configuration.addressLimit {
      value.fail(
        "\(AddressCount.text(count)) different addresses in all",
        suggestion: "at most \(AddressCount.text(AddressCount.limit)) can be announced")
    }
    return entries
  }

  private init(_ section: Section, index: Int, defaults: [InterfacePattern]) {
    let name = section.value("name")?.scalar
    origin = "configuration/\(name ?? String(index))"
    if let addresses = section.value("addresses") {
      let values = addresses.list(example: "[10.80.8.150]")
      if values?.isEmpty == true { addresses.failWithoutAddresses() }
      ranges = (values ?? []).compactMap { $0.addresses() }
    } else {
      ranges = []
      section.fail(
        "it has no addresses", suggestion: "write `addresses: [10.80.8.150]`", key: nil)
    }
    var lists = defaults.isEmpty ? [] : [defaults]
    if let patterns = section.value("interfaces")?.patterns() { lists.append(patterns) }
    interfaces = InterfaceConstraint(lists: lists)
    if let own = section.value("nodes"), let values = own.list(example: "[node-a]") {
      if values.isEmpty {
        own.fail(
          "an empty list lets no node announce it", suggestion: "leave the key out for every node")
      }
      nodes = Set(values.compactMap { $0.nodeName() })
    }
    section.finish()
  }
}

extension Value {
  fileprivate func failWithoutAddresses() {
    fail("the list has no addresses", suggestion: "write `addresses: [10.80.8.150]`")
  }
}
