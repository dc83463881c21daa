extension Shapes {
  /// What other editors, version control and accidents leave behind.
  static let editors: [Shape] = [
    Shape(
      .editors, "a mode line of vim",
      """
      # vim: set ft=yaml ts=2 sw=2 et :
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      # vim: ft=yaml
      """,
      objects: ["Service/default/web"]),
    Shape(
      .editors, "local variables of Emacs",
      """
      # -*- mode: yaml; indent-tabs-mode: nil -*-
      apiVersion: v1
      kind: Service
      metadata:
        name: web

      # Local Variables:
      # mode: yaml
      # End:
      """,
      objects: ["Service/default/web"]),
    Shape(
      .editors, "local variables of Emacs on a page of their own",
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      \u{c}
      # Local Variables:
      # mode: yaml
      # End:
      """,
      error: "control characters are not allowed"),
    Shape(
      .editors, "cat of two files with byte order marks",
      """
      \u{feff}apiVersion: v1
      kind: Service
      metadata:
        name: web
      \u{feff}---
      apiVersion: v1
      kind: Service
      metadata:
        name: api
      """,
      objects: ["Service/default/web", "Service/default/api"]),
    Shape(
      .editors, "cat of two files, the first of which does not end its last line",
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}\u{feff}---
      apiVersion: v1
      kind: Service
      metadata: {name: api}
      """,
      error: "this is not YAML"),
    Shape(
      .editors, "the markers of a merge conflict",
      """
      apiVersion: cilium.io/v2alpha1
      kind: CiliumL2AnnouncementPolicy
      metadata:
        name: lan
      spec:
      <<<<<<< HEAD
        interfaces: ["^eth0$"]
      =======
        interfaces: ["^lan0$"]
      >>>>>>> feature/lan
        loadBalancerIPs: true
      """,
      error: "this is not YAML"),
    Shape(
      .editors, "a merge conflict about a whole file",
      """
      <<<<<<< HEAD
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      ||||||| 1a2b3c4
      =======
      apiVersion: v1
      kind: Node
      metadata: {name: node-a}
      >>>>>>> theirs
      """,
      error: "this is not YAML"),
    Shape(
      .editors, "YAML that was cut off",
      """
      apiVersion: cilium.io/v2alpha1
      kind: CiliumL2AnnouncementPolicy
      metadata:
        name: lan
      spec:
        loadBalancerIPs: true
        nodeSelector:
          matchLab
      """,
      as: .unfinished, error: "spec.nodeSelector: a mapping of keys is expected here"),
    Shape(
      .editors, "JSON that was cut off",
      """
      {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
          "name": "we
      """,
      as: .unfinished, error: "it ends before its closing quotes"),
    Shape(
      .editors, "an empty file",
      octets: []),
    Shape(
      .editors, "only comments",
      """
      # apiVersion: v1
      # kind: Service
      # metadata:
      #   name: web

      # Not now.
      """),
    Shape(
      .editors, "a swap file of vim",
      octets: swapFile,
      error: "control characters are not allowed"),
    Shape(
      .editors, "zeros, after a power failure",
      octets: zeros,
      error: "control characters are not allowed"),
    Shape(
      .editors, "a directive for YAML 1.2",
      """
      %YAML 1.2
      ---
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      """,
      objects: ["Service/default/web"]),
    Shape(
      .editors, "a directive for a tag, and tags",
      """
      %TAG !e! tag:example.com,2025:
      ---
      !e!service
      apiVersion: !!str v1
      kind: !!str Service
      metadata: !!map
        name: web
        labels: {port: !!str 80}
      spec:
        ports:
        - port: !!int "80"
      """,
      objects: ["Service/default/web"]),
    Shape(
      .editors, "a first line for the shell",
      """
      #!/usr/bin/env -S kubectl apply -f
      ---
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      """,
      objects: ["Service/default/web"]),
    Shape(
      .editors, "long lines",
      octets: Array(longLines.utf8),
      objects: ["Service/default/web"]),
    Shape(
      .editors, "keys in quotes",
      """
      "apiVersion": "v1"
      'kind': 'Service'
      "metadata":
        "name": "web"
        "labels": {"app":"web", 'tier': front}
      "spec":
        "externalIPs": ["192.0.2.10"]
      """,
      objects: ["Service/default/web"]),
    Shape(
      .editors, "keys that are not text to YAML",
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
        labels:
          80: x
          1.5: y
          on: z
          true: yes
          null: no
          2025-03-04: date
      """,
      objects: ["Service/default/web"]),
    Shape(
      .editors, "the end of a here-document",
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      EOF
      """,
      error: "could not find expected ':'"),
    Shape(
      .editors, "a code block of Markdown",
      """
      ```yaml
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      ```
      """,
      error: "put a value that begins with ` in quotes"),
    Shape(
      .editors, "a difference instead of the file",
      """
      --- a/web.yaml
      +++ b/web.yaml
      @@ -1,5 +1,5 @@
       apiVersion: v1
       kind: Service
       metadata:
      -  name: web
      +  name: api
      """,
      error: "this is not YAML"),
  ]

  private static let swapFile: [UInt8] = Array(
    "b0VIM 9.1\0\0\0\0\u{10}\0\0me\0\0gateway\0\0~me/web.yaml\0\0U3210".utf8)

  private static let zeros: [UInt8] = Array(repeating: 0, count: 64)

  private static let longLines = """
    apiVersion: v1
    kind: Service
    metadata:
      name: web
      annotations:
        example.com/note: "\(String(repeating: "a long line ", count: 400))"
        example.com/list: \(String(repeating: "a, ", count: 3000))
      labels: {app: web, \(String(repeating: "x", count: 63)): y}

    """
}
