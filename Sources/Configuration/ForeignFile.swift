internal import YAMLDocuments

/// A file of something else that was given for a configuration.
struct ForeignFile {
  /// What it is.
  let message: String
  let suggestion: String

  /// - Parameter node: nil where the text cannot be read as YAML.
  init?(_ node: YAMLNode?, text: String) {
    if let kind = node.flatMap(Self.kubernetesKind) {
      message = "this is a Kubernetes object (\(kind)), not a configuration"
      suggestion =
        ["ConfigMap", "Secret"].contains(kind)
        ? "the configuration may be one of the texts in it"
        : "name the file in `manifests` if the daemon is to read it"
      return
    }
    guard node?.mapping == nil, text.contains("vrrp_instance") else { return nil }
    message = "this is a configuration of keepalived"
    suggestion = "write the addresses of its `virtual_ipaddress` into `announcements`"
  }

  private static func kubernetesKind(_ node: YAMLNode) -> String? {
    guard let entries = node.mapping?.entries,
      entries.contains(where: { $0.name == "apiVersion" }),
      let kind = entries.first(where: { $0.name == "kind" })?.value.scalar?.text
    else { return nil }
    return kind.utf8.count > 64 ? "\(kind.prefix(64))…" : kind
  }
}
