internal import Cluster
internal import YAMLDocuments

/// Looks in a document of one of our kinds for slips that decoding passes over.
///
/// Decoding takes an unknown key for one that does not matter. In a policy that would be dangerous: `nodeSelectr`
/// selects every node. So what a policy or a pool may say is known to the letter, and elsewhere a key that is
/// almost a known one is taken for a slip. An API server that validates strictly refuses the same.
struct ManifestCheck {
  let kind: ClusterObject.Kind

  /// The first slip; nil where there is none.
  func fault(in document: YAMLMapping) -> YAMLFault? {
    ManifestKeys.invisibleFault(in: document) ?? patchFault(in: document) ?? topFault(in: document)
      ?? nameFault(in: document) ?? specFault(in: document) ?? wordFault(in: document)
  }

  /// Keys of the document itself. Others than ours are harmless there: kubectl's warnings end up in files.
  private func topFault(in document: YAMLMapping) -> YAMLFault? {
    for entry in document.entries where !ManifestKeys.top(kind).contains(entry.name) {
      if ManifestKeys.spec(kind).contains(entry.name) {
        return YAMLFault(
          "`\(entry.name)` belongs into `spec`", suggestion: "indent it like the other keys there",
          at: entry.place)
      }
      if let word = NearestWord.find(entry.name, in: ManifestKeys.top(kind)) {
        return Self.unknown(entry, meant: word)
      }
    }
    return nil
  }

  private func specFault(in document: YAMLMapping) -> YAMLFault? {
    guard let spec = document["spec"]?.mapping else { return nil }
    let known = ManifestKeys.spec(kind)
    let isStrict = kind == .policy || kind == .pool
    for entry in spec.entries where !known.contains(entry.name) {
      let word = NearestWord.find(entry.name, in: known)
      if isStrict || word != nil { return Self.unknown(entry, meant: word, of: known) }
    }
    guard isStrict else { return nil }
    for name in ["nodeSelector", "serviceSelector"] {
      guard let selector = spec[name]?.mapping else { continue }
      if let fault = Self.unknownKey(in: selector, but: ["matchLabels", "matchExpressions"]) {
        return fault
      }
      for expression in selector["matchExpressions"]?.list ?? [] {
        let keys = ["key", "operator", "values"]
        if let mapping = expression.mapping, let fault = Self.unknownKey(in: mapping, but: keys) {
          return fault
        }
      }
    }
    return nil
  }

  private static func unknownKey(in mapping: YAMLMapping, but known: [String]) -> YAMLFault? {
    mapping.entries.first { !known.contains($0.name) }.map { entry in
      unknown(entry, meant: NearestWord.find(entry.name, in: known), of: known)
    }
  }

  private static func unknown(
    _ entry: YAMLMapping.Entry, meant word: String?, of known: [String] = []
  ) -> YAMLFault {
    YAMLFault(
      "unknown key `\(entry.name)`",
      suggestion: word.map { "did you mean `\($0)`?" }
        ?? "the keys here are \(known.map { "`\($0)`" }.joined(separator: ", "))", at: entry.place)
  }

  /// Kubernetes' names have lower-case letters, digits, `-` and `.` (RFC 1123); anything else is a template or
  /// a quote that went wrong, and never an object's name.
  private func nameFault(in document: YAMLMapping) -> YAMLFault? {
    guard let metadata = document["metadata"]?.mapping else { return nil }
    for key in ["name", "namespace"] {
      guard let value = metadata[key], let text = value.scalar?.text, !text.isEmpty, !value.isNull
      else { continue }
      let isName = text.utf8.allSatisfy { octet in
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
          UInt8(ascii: "-"), UInt8(ascii: "."):
          true
        default: false
        }
      }
      if isName { continue }
      let isTemplate = text.contains("{{") || text.contains("{%") || text.contains("${")
      return YAMLFault(
        "metadata.\(key): '\(text)' cannot be a name",
        suggestion: isTemplate
          ? "this looks like a template that was not rendered: write what the template makes of it here"
          : "write lower-case letters, digits, '-' and '.'", at: value.place)
    }
    return nil
  }

  /// Words that the API server would refuse. Taken for the default, `local` would announce on nodes on which nothing
  /// serves, and `proxy` an address that is a load balancer's outside.
  private func wordFault(in document: YAMLMapping) -> YAMLFault? {
    guard kind == .service else { return nil }
    let spec = document["spec"]?.mapping
    let ingress = document["status"]?.mapping?["loadBalancer"]?.mapping?["ingress"]?.list ?? []
    let values: [(String, YAMLNode?, [String])] =
      [
        ("spec.type", spec?["type"], ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"]),
        ("spec.externalTrafficPolicy", spec?["externalTrafficPolicy"], ["Cluster", "Local"]),
      ]
      + ingress.map { ("status.loadBalancer.ingress", $0.mapping?["ipMode"], ["VIP", "Proxy"]) }
    for (path, value, words) in values {
      guard let value, !value.isNull, let text = value.scalar?.text, !text.isEmpty,
        !words.contains(text)
      else { continue }
      let nearest = NearestWord.find(text, in: words)
      return YAMLFault(
        "\(path): '\(text)' is not one of \(words.joined(separator: ", "))",
        suggestion: nearest.map { "did you mean `\($0)`?" }, at: value.place)
    }
    return nil
  }

  private func patchFault(in document: YAMLMapping) -> YAMLFault? {
    for mapping in [document] + document.entries.compactMap(\.value.mapping) {
      for entry in mapping.entries + mapping.entries.flatMap({ $0.value.mapping?.entries ?? [] })
      where entry.name.hasPrefix("$") {
        return YAMLFault(
          "`\(entry.name)` makes this a patch, not an object",
          suggestion: "put what the patch makes of the object here", at: entry.place)
      }
    }
    return nil
  }
}

/// The keys of each kind's documents.
enum ManifestKeys {
  static func top(_ kind: ClusterObject.Kind) -> [String] {
    let common = ["apiVersion", "kind", "metadata"]
    return common
      + (kind == .endpointSlice ? ["addressType", "endpoints", "ports"] : ["spec", "status"])
  }

  /// Those of `spec` (API reference of Kubernetes 1.34 and Cilium 1.18).
  static func spec(_ kind: ClusterObject.Kind) -> [String] {
    switch kind {
    case .service:
      [
        "allocateLoadBalancerNodePorts", "clusterIP", "clusterIPs", "externalIPs", "externalName",
        "externalTrafficPolicy", "healthCheckNodePort", "internalTrafficPolicy", "ipFamilies",
        "ipFamilyPolicy", "loadBalancerClass", "loadBalancerIP", "loadBalancerSourceRanges",
        "ports",
        "publishNotReadyAddresses", "selector", "sessionAffinity", "sessionAffinityConfig",
        "trafficDistribution", "type",
      ]
    case .node:
      [
        "configSource", "externalID", "podCIDR", "podCIDRs", "providerID", "taints",
        "unschedulable",
      ]
    case .policy:
      ["nodeSelector", "serviceSelector", "interfaces", "externalIPs", "loadBalancerIPs"]
    case .pool: ["blocks", "cidrs", "serviceSelector", "allowFirstLastIPs", "disabled"]
    case .endpointSlice: []
    }
  }

  /// A key with a character that nobody sees, from a web page or a word processor.
  static func invisibleFault(in mapping: YAMLMapping) -> YAMLFault? {
    for entry in mapping.entries {
      if let scalar = entry.name.unicodeScalars.first(where: isInvisible) {
        let number = String(scalar.value, radix: 16, uppercase: true)
        let code = "U+" + String(repeating: "0", count: max(0, 4 - number.count)) + number
        let visible = String(
          String.UnicodeScalarView(entry.name.unicodeScalars.filter { !isInvisible($0) }))
        return YAMLFault(
          "the key `\(visible)` has an invisible character (\(code)) in it",
          suggestion: scalar == "\u{a0}"
            ? "replace the no-break spaces by ordinary ones" : "write the key again",
          at: entry.place)
      }
      if let fault = invisibleFault(in: entry.value) { return fault }
    }
    return nil
  }

  private static func invisibleFault(in node: YAMLNode) -> YAMLFault? {
    if let mapping = node.mapping { return invisibleFault(in: mapping) }
    for element in node.list ?? [] {
      if let fault = invisibleFault(in: element) { return fault }
    }
    return nil
  }

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .format, .control: true
    case .spaceSeparator: scalar != " "
    default: false
    }
  }
}
