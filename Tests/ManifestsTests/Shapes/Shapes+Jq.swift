extension Shapes {
  /// What `jq` makes of objects.
  static let jq: [Shape] = [
    Shape(
      .jq, "-c '.items[]', one object a line",
      """
      {"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":{"type":"LoadBalancer"}}
      {"apiVersion":"v1","kind":"Service","metadata":{"name":"api"},"spec":{"type":"LoadBalancer"}}
      """,
      objects: ["Service/default/web", "Service/default/api"]),
    Shape(
      .jq, ".items, an array",
      """
      [
        {
          "apiVersion": "v1",
          "kind": "Service",
          "metadata": {
            "name": "web",
            "namespace": "shop"
          },
          "spec": {
            "type": "LoadBalancer"
          }
        },
        {
          "apiVersion": "v1",
          "kind": "Endpoints",
          "metadata": {
            "name": "web",
            "namespace": "shop"
          }
        }
      ]
      """,
      objects: ["Service/shop/web"], note: "Endpoints of v1 is passed over"),
    Shape(
      .jq, "-c, the whole list on one line",
      """
      {"apiVersion":"v1","items":[{"apiVersion":"v1","kind":"Node","metadata":{"name":"node-a"},\
      "spec":{}}],"kind":"List","metadata":{"resourceVersion":""}}
      """,
      objects: ["Node/node-a"]),
    Shape(
      .jq, "--indent 4",
      """
      {
          "apiVersion": "cilium.io/v2",
          "kind": "CiliumLoadBalancerIPPool",
          "metadata": {
              "name": "lan"
          },
          "spec": {
              "blocks": [
                  {
                      "start": "192.0.2.10",
                      "stop": "192.0.2.20"
                  }
              ]
          }
      }
      """,
      objects: ["CiliumLoadBalancerIPPool/lan"]),
    Shape(
      .jq, "--tab",
      """
      {
      \t"apiVersion": "v1",
      \t"kind": "Service",
      \t"metadata": {
      \t\t"name": "web"
      \t},
      \t"spec": {
      \t\t"externalIPs": [
      \t\t\t"192.0.2.10"
      \t\t]
      \t}
      }
      """,
      objects: ["Service/default/web"]),
    Shape(
      .jq, "-r, the last applied configuration",
      """
      {"apiVersion":"v1","kind":"Service","metadata":{"annotations":{},"name":"web",\
      "namespace":"shop"},"spec":{"type":"LoadBalancer"}}
      """,
      objects: ["Service/shop/web"]),
    Shape(
      .jq, "the last applied configuration without -r",
      #"""
      "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"web\"}}\n"
      """#,
      error: "an object is expected here"),
    Shape(
      .jq, "-s, files put into one array",
      """
      [
        {
          "apiVersion": "v1",
          "kind": "List",
          "items": [
            {
              "apiVersion": "v1",
              "kind": "Service",
              "metadata": {
                "name": "web"
              }
            }
          ]
        },
        {
          "apiVersion": "cilium.io/v2alpha1",
          "kind": "CiliumL2AnnouncementPolicy",
          "metadata": {
            "name": "lan"
          },
          "spec": {
            "loadBalancerIPs": true
          }
        }
      ]
      """,
      objects: ["Service/default/web", "CiliumL2AnnouncementPolicy/lan"]),
    Shape(
      .jq, "'.items[]', objects one after the other",
      """
      {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
          "name": "web"
        }
      }
      {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
          "name": "api"
        }
      }
      """,
      objects: ["Service/default/web", "Service/default/api"]),
    Shape(
      .jq, "--seq, with a record separator before each object",
      """
      \u{1e}{"apiVersion":"v1","kind":"Service","metadata":{"name":"web"}}
      \u{1e}{"apiVersion":"v1","kind":"Service","metadata":{"name":"api"}}
      """,
      error: "control characters are not allowed"),
    Shape(
      .jq, "-S, with the keys in order",
      """
      {
        "apiVersion": "discovery.k8s.io/v1",
        "endpoints": [
          {
            "addresses": [
              "10.1.0.4"
            ],
            "conditions": {
              "ready": false
            },
            "nodeName": "node-a"
          }
        ],
        "kind": "EndpointSlice",
        "metadata": {
          "labels": {
            "kubernetes.io/service-name": "web"
          },
          "name": "web-x7k2p"
        }
      }
      """,
      objects: ["EndpointSlice/default/web-x7k2p"]),
    Shape(
      .jq, "-C, in colours",
      """
      \u{1b}[1;39m{
        \u{1b}[0m\u{1b}[34;1m"kind"\u{1b}[0m\u{1b}[1;39m:\u{1b}[0m \
      \u{1b}[0;32m"Service"\u{1b}[0m\u{1b}[1;39m
      \u{1b}[1;39m}\u{1b}[0m
      """,
      error: "control characters are not allowed"),
    // The program passes over a document of YAML without content too.
    Shape(
      .jq, "'.items[0], .items[9]', of which one is not there",
      """
      {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
          "name": "web"
        }
      }
      null
      """,
      objects: ["Service/default/web"]),
    Shape(
      .jq, "a path that leads nowhere",
      "null"),
    Shape(
      .jq, "-j, without line ends",
      """
      {"apiVersion":"v1","kind":"Service","metadata":{"name":"web"}}{"apiVersion":"v1",\
      "kind":"Service","metadata":{"name":"api"}}
      """,
      as: .unfinished, objects: ["Service/default/web", "Service/default/api"]),
    Shape(
      .jq, "--stream, in which there are only paths and values",
      """
      [["apiVersion"],"v1"]
      [["kind"],"Service"]
      [["metadata","name"],"web"]
      [["metadata","name"]]
      """,
      error: "an object is expected here"),
  ]
}
