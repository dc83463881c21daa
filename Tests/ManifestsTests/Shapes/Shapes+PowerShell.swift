extension Shapes {
  /// What PowerShell and editors of Windows write.
  static let powerShell: [Shape] = [
    Shape(
      .powerShell, "Get-Content a.yaml,b.yaml > file, in UTF-16",
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
        annotations:
          example.com/owner: Zoë
      spec:
        type: LoadBalancer
      ---
      apiVersion: v1
      kind: Node
      metadata:
        name: node-a
      """,
      as: .utf16Little, objects: ["Service/default/web", "Node/node-a"]),
    Shape(
      .powerShell, "Out-File -Encoding utf8, with a byte order mark",
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        type: LoadBalancer
      """,
      as: .markedUTF8, objects: ["Service/default/web"]),
    Shape(
      .powerShell, "line ends of two characters, and a block scalar",
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
        annotations:
          example.com/text: |
            first line

            last line
      spec:
        type: LoadBalancer
      ---
      """,
      as: .windows, objects: ["Service/default/web"]),
    Shape(
      .powerShell, "line ends of both kinds",
      """
      apiVersion: v1\r
      kind: Service\r
      metadata:
        name: web
        labels:\r
          app: web\r
      spec:\r
        type: LoadBalancer
      ---\r
      apiVersion: v1
      kind: Node\r
      metadata:\r
        name: node-a\r
      """,
      objects: ["Service/default/web", "Node/node-a"]),
    Shape(
      .powerShell, "copy a.yaml+b.yaml, which ends with Ctrl-Z",
      octets: joined,
      error: "control characters are not allowed"),
    Shape(
      .powerShell, "Notepad's UTF-16, the larger octet first",
      """
      apiVersion: cilium.io/v2
      kind: CiliumLoadBalancerIPPool
      metadata:
        name: lan
      spec:
        blocks:
        - cidr: 192.0.2.0/28
      """,
      as: .utf16Big, objects: ["CiliumLoadBalancerIPPool/lan"]),
    // To YAML they are letters. A Service cannot have them in its name.
    Shape(
      .powerShell, "quotes from Word",
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: “web”
      spec:
        type: LoadBalancer
      """,
      as: .windows, error: "“web”"),
    Shape(
      .powerShell, "no-break spaces behind colons, from a web page",
      """
      apiVersion: v1
      kind:\u{a0}Service
      metadata:
        name: web
      """,
      as: .windows, error: "no-break spaces"),
    // To YAML they are letters of keys beside `spec`, so that the policy would select every node.
    Shape(
      .powerShell, "no-break spaces as indentation, from a web page",
      """
      apiVersion: cilium.io/v2alpha1
      kind: CiliumL2AnnouncementPolicy
      metadata:
        name: lan
      spec:
      \u{a0}\u{a0}loadBalancerIPs: true
      \u{a0}\u{a0}nodeSelector:
      \u{a0}\u{a0}\u{a0}\u{a0}matchLabels: {role: gateway}
      """,
      as: .windows, error: "no-break spaces"),
    // It names a kind of ours: the program must not announce meanwhile what the policy leaves out.
    Shape(
      .powerShell, "first letters that Word made capitals",
      """
      ApiVersion: cilium.io/v2alpha1
      Kind: CiliumL2AnnouncementPolicy
      Metadata:
        name: lan
      Spec:
        loadBalancerIPs: true
        nodeSelector: {matchLabels: {role: gateway}}
      """,
      as: .windows, error: "is not a key of an object"),
    Shape(
      .powerShell, "tabs as indentation",
      """
      apiVersion: v1
      kind: Service
      metadata:
      \tname: web
      spec:
      \ttype: LoadBalancer
      """,
      as: .windows, error: "indent with spaces, not with tabs"),
    Shape(
      .powerShell, "a zero-width space in `kind`",
      """
      apiVersion: v1
      \u{200b}kind: Service
      metadata:
        name: web
      """,
      as: .windows, error: "`kind` is missing"),
    // Without the key the policy selects every node.
    Shape(
      .powerShell, "a zero-width space in a key of a policy's spec",
      """
      apiVersion: cilium.io/v2alpha1
      kind: CiliumL2AnnouncementPolicy
      metadata:
        name: lan
      spec:
        loadBalancerIPs: true
        nodeSelector\u{200b}:
          matchLabels:
            role: gateway
      """,
      as: .windows, error: "nodeSelector"),
    Shape(
      .powerShell, "a file name in capitals",
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        type: LoadBalancer
      """,
      as: .windows, file: "WEB.YAML", objects: ["Service/default/web"]),
    Shape(
      .powerShell, "Set-Content and then >>, which adds UTF-16 to other text",
      octets: appended,
      error: "control characters are not allowed"),
    Shape(
      .powerShell, "a comment in Windows-1252",
      octets: windows1252,
      error: "the text is not UTF-8"),
    Shape(
      .powerShell, "ConvertTo-Json, which stops at a depth of 2",
      """
      {
          "apiVersion":  "v1",
          "kind":  "Service",
          "metadata":  {
                           "name":  "web",
                           "labels":  {
                                          "app":  "web"
                                      }
                       },
          "spec":  {
                       "type":  "LoadBalancer",
                       "ports":  [
                                     "@{name=http; port=80; protocol=TCP}"
                                 ]
                   }
      }
      """,
      as: .windows, error: "spec.ports[0]: a mapping of keys is expected here"),
  ]

  private static let service = """
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      type: LoadBalancer
    """

  private static let windowsService: [UInt8] = Shape.Form.windows.octets(of: service)

  /// DOS takes the last octet for the end of a text.
  private static let joined: [UInt8] = windowsService + [0x1a]

  /// PowerShell writes a byte order mark into a new file only.
  private static let appended: [UInt8] =
    windowsService + Array(Shape.Form.utf16Little.octets(of: "---\n\(service)").dropFirst(2))

  /// Begins with "# Büro".
  private static let windows1252: [UInt8] =
    [0x23, 0x20, 0x42, 0xfc, 0x72, 0x6f, 0x0d, 0x0a] + windowsService
}
