import Cluster
import FoundationEssentials
import KubernetesObjects
import Testing
import Wire

struct ObjectFormTests {
  private func read(_ kind: ClusterObject.Kind, _ json: String) throws -> ClusterObject {
    let event = try WatchEvent(
      json: Array(#"{"type":"ADDED","object":\#(json)}"#.utf8), of: kind)
    guard case .changed(let object, _) = event else { throw UnexpectedEvent(event: event) }
    return object
  }

  private struct UnexpectedEvent: Error {
    let event: WatchEvent
  }

  @Test func aServiceWithEverything() throws {
    let object = try read(
      .service,
      """
      {"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"shop",
       "uid":"0b6a","resourceVersion":"77","generation":2,"deletionTimestamp":"2026-01-02T03:04:05Z",
       "creationTimestamp":"2026-01-01T00:00:00Z","labels":{"app":"web","empty":""},
       "annotations":{"a":"b"},"finalizers":["service.kubernetes.io/load-balancer-cleanup"],
       "managedFields":[{"manager":"kubectl","fieldsV1":{"f:spec":{}}}]},
       "spec":{"type":"LoadBalancer","clusterIP":"10.96.0.1","clusterIPs":["10.96.0.1"],
        "externalIPs":["10.0.1.1","2001:db8::1"],"loadBalancerIP":"10.0.0.9",
        "loadBalancerClass":"io.cilium/l2-announcer","externalTrafficPolicy":"Local",
        "internalTrafficPolicy":"Cluster","ipFamilies":["IPv4"],"ipFamilyPolicy":"SomethingNew",
        "ports":[{"port":80,"targetPort":"http","nodePort":30080}],"sessionAffinity":"None"},
       "status":{"loadBalancer":{"ingress":[{"ip":"10.0.0.1","ipMode":"VIP",
        "ports":[{"port":80,"protocol":"TCP"}]},{"hostname":"lb.example"},{"ip":"10.0.0.2",
        "ipMode":"Proxy"}]},"conditions":[]}}
      """)
    let expected = Service(
      ObjectName("shop", "web"), uid: "0b6a", labels: ["app": "web", "empty": ""],
      type: "LoadBalancer", loadBalancerClass: "io.cilium/l2-announcer",
      externalIPs: ["10.0.1.1", "2001:db8::1"],
      ingress: [
        .init(ip: "10.0.0.1", ipMode: "VIP"), .init(hostname: "lb.example"),
        .init(ip: "10.0.0.2", ipMode: "Proxy"),
      ], loadBalancerIP: "10.0.0.9", isLocal: true, isBeingDeleted: true,
      allocation: allocation {
        $0.createdAt = "2026-01-01T00:00:00Z"
        $0.version = "77"
      })
    #expect(object == .service(expected))
  }

  private func allocation(_ change: (inout Service.Allocation) -> Void) -> Service.Allocation {
    var allocation = Service.Allocation()
    change(&allocation)
    return allocation
  }

  private func allocation(_ json: String) throws -> Service.Allocation {
    guard case .service(let service) = try read(.service, json) else { return .init() }
    return service.allocation
  }

  @Test func whatASharingServiceAsksFor() throws {
    let read = try allocation(
      """
      {"metadata":{"name":"web","namespace":"shop","annotations":{
        "lbipam.cilium.io/ips":"10.0.0.1, 10.0.0.2","lbipam.cilium.io/sharing-key":"k",
        "lbipam.cilium.io/sharing-cross-namespace":"one, two","other":"x"}},
       "spec":{"ipFamilies":["IPv6","IPv4"],"ipFamilyPolicy":"RequireDualStack",
        "ports":[{"port":443},{"port":53,"protocol":"UDP"}],"selector":{"app":"web"}},
       "status":{"conditions":[{"type":"cilium.io/IPAMRequestSatisfied","status":"True",
        "observedGeneration":4,"lastTransitionTime":"2026-01-01T00:00:00Z",
        "reason":"satisfied","message":"m"}]}}
      """)
    #expect(
      read
        == allocation {
          $0.families = [.ipv6, .ipv4]
          $0.familyPolicy = .requireDualStack
          $0.requestedIPs = "10.0.0.1, 10.0.0.2"
          $0.sharingKey = "k"
          $0.sharingNamespaces = ["one", "two"]
          $0.ports = [Service.Port(53, "UDP"), Service.Port(443)]
          $0.podSelector = ["app": "web"]
          $0.conditions = [
            Condition(
              type: Condition.requestSatisfied, status: "True", observedGeneration: 4,
              lastTransitionTime: "2026-01-01T00:00:00Z", reason: "satisfied", message: "m")
          ]
        })
  }

  @Test(
    arguments: [
      (#""io.cilium/lb-ipam-ips":"10.0.0.1""#, "10.0.0.1"),
      (#""io.cilium/lb-ipam-ips":"10.0.0.1","lbipam.cilium.io/ips":"10.0.0.1""#, "10.0.0.1"),
      (#""metallb.io/loadBalancerIPs":"10.0.0.1""#, nil),
      (#""lbipam.cilium.io/ips":"""#, nil), (#""lbipam.cilium.io/ips":null"#, nil),
    ] as [(String, String?)])
  func eitherNameOfTheAnnotationCounts(annotations: String, requested: String?) throws {
    let read = try allocation(
      #"{"metadata":{"name":"web","annotations":{\#(annotations)}}}"#)
    #expect(read == allocation { $0.requestedIPs = requested })
  }

  /// As in Cilium; what the other one asks for is told.
  @Test func ofBothNamesTheFirstCounts() throws {
    let both = #""io.cilium/lb-ipam-ips":"10.0.0.1","lbipam.cilium.io/ips":"10.0.0.2, 10.0.0.1""#
    let read = try allocation(#"{"metadata":{"name":"web","annotations":{\#(both)}}}"#)
    #expect(read.requestedIPs == "10.0.0.2, 10.0.0.1")
    #expect(
      read.outvotedIPs == [
        RequestedIPs("lbipam.cilium.io/ips", "10.0.0.2, 10.0.0.1"),
        RequestedIPs("io.cilium/lb-ipam-ips", "10.0.0.1"),
      ])
  }

  /// Where there is no controller, those of MetalLB and kube-vip count too, after Cilium's.
  @Test func inFilesAllAnnotationsThatAskCount() throws {
    func requested(_ annotations: String, place: String? = "web.yaml:1") throws -> [RequestedIPs] {
      let json = #"{"metadata":{"name":"web","annotations":{\#(annotations)}}}"#
      let form = try JSONDecoder().decode(ServiceForm.self, from: Data(json.utf8))
      guard case .service(let service) = form.object(place: place) else { return [] }
      return service.requestedIPs
    }
    let names = [
      "lbipam.cilium.io/ips", "io.cilium/lb-ipam-ips", "metallb.io/loadBalancerIPs",
      "metallb.universe.tf/loadBalancerIPs", "kube-vip.io/loadbalancerIPs",
    ]
    for (number, name) in names.enumerated() {
      #expect(try requested(#""\#(name)":"10.0.0.1""#) == [RequestedIPs(name, "10.0.0.1")])
      // From the API server: what a controller made of it stands in the status.
      #expect(try requested(#""\#(name)":"10.0.0.1""#, place: nil) == [])
      let others = names[number...].reversed().enumerated().map { index, name in
        #""\#(name)":"10.0.0.\#(index)""#
      }
      let read = try requested(others.joined(separator: ","))
      #expect(read.map(\.name) == Array(names[number...]))
    }
    let same =
      #""lbipam.cilium.io/ips":"10.0.0.1,fd00::1","#
      + #""metallb.io/loadBalancerIPs":"fd00::1, 10.0.0.1""#
    #expect(try requested(same) == [RequestedIPs("lbipam.cilium.io/ips", "10.0.0.1,fd00::1")])
  }

  @Test func oldNamesOfSharing() throws {
    let read = try allocation(
      """
      {"metadata":{"name":"web","annotations":{"io.cilium/lb-ipam-sharing-key":"k",
        "io.cilium/lb-ipam-sharing-cross-namespace":"*"}}}
      """)
    #expect(read.sharingKey == "k")
    #expect(read.sharingNamespaces == ["*"])
  }

  @Test(
    arguments: [
      (#"{"clusterIP":"fd00::1"}"#, [.ipv6]), (#"{"clusterIP":"None"}"#, [.ipv4]),
      (#"{"clusterIP":"10.0.0.1"}"#, [.ipv4]), ("{}", [.ipv4]),
      (#"{"ipFamilies":["IPv6"],"clusterIP":"10.0.0.1"}"#, [.ipv6]),
    ] as [(String, [IPFamily])])
  func theFamilyOfAServiceThatDoesNotSayIt(spec: String, families: [IPFamily]) throws {
    #expect(try allocation(#"{"metadata":{"name":"web"},"spec":\#(spec)}"#).families == families)
  }

  /// Ports and selectors of ten thousand Services that share with nobody would be memory for nothing.
  @Test func portsAreKeptOnlyWhereTheyMatter() throws {
    let read = try allocation(
      #"{"metadata":{"name":"w"},"spec":{"ports":[{"port":1}],"selector":{"a":"b"}}}"#)
    #expect(read == Service.Allocation())
  }

  @Test(arguments: [
    #"{"metadata":{"name":"web","namespace":"shop"}}"#,
    #"{"metadata":{"name":"web","namespace":"shop","labels":null},"spec":null,"status":null}"#,
    #"""
    {"metadata":{"name":"web","namespace":"shop","deletionTimestamp":null},
     "spec":{"externalIPs":null,"type":null,"externalTrafficPolicy":"SomethingNew"},
     "status":{"loadBalancer":{"ingress":null}}}
    """#,
    #"{"metadata":{"name":"web","namespace":"shop"},"spec":{},"status":{"loadBalancer":{}}}"#,
  ])
  func whatIsAbsentOrNullIsTheDefault(json: String) throws {
    #expect(try read(.service, json) == .service(Service(ObjectName("shop", "web"))))
  }

  @Test func endpointSlicesOfBothVersions() throws {
    var expected = EndpointSlice(
      ObjectName("shop", "web-abc"), service: "web", families: [.ipv4],
      endpoints: [
        .init(node: "node-a", isReady: true),
        .init(node: "node-b", isReady: false, isDraining: true),
        .init(node: nil, isReady: true), .init(node: "node-c", isReady: true),
      ])
    let metadata = #"""
      "metadata":{"name":"web-abc","namespace":"shop",
      "labels":{"kubernetes.io/service-name":"web","endpointslice.kubernetes.io/managed-by":"x"}}
      """#
    let v1 = #"""
      {\#(metadata),"addressType":"IPv4","ports":[{"port":80}],"endpoints":[
      {"addresses":["10.1.0.1"],"nodeName":"node-a","zone":"z",
       "conditions":{"ready":true,"serving":true,"terminating":false},"targetRef":{"kind":"Pod"}},
      {"addresses":["10.1.0.2"],"nodeName":"node-b",
       "conditions":{"ready":false,"serving":true,"terminating":true}},
      {"addresses":["10.1.0.3"],"conditions":{"ready":null}},
      {"addresses":["10.1.0.4"],"nodeName":"node-c","deprecatedTopology":{"a":"b"}}]}
      """#
    #expect(try read(.endpointSlice, v1) == .endpointSlice(expected))
    expected.endpoints[1].isDraining = false
    let beta = #"""
      {\#(metadata),"addressType":"IPv4","endpoints":[
      {"addresses":["10.1.0.1"],"topology":{"kubernetes.io/hostname":"node-a",
       "topology.kubernetes.io/zone":"z"},"conditions":{"ready":true}},
      {"addresses":["10.1.0.2"],"topology":{"kubernetes.io/hostname":"node-b"},
       "conditions":{"ready":false}},
      {"addresses":["10.1.0.3"],"topology":null},
      {"addresses":["10.1.0.4"],"nodeName":"node-c","topology":{"kubernetes.io/hostname":"x"}}]}
      """#
    #expect(try read(.endpointSlice, beta) == .endpointSlice(expected))
    #expect(
      try read(.endpointSlice, #"{"metadata":{"name":"a","namespace":"b"},"endpoints":null}"#)
        == .endpointSlice(EndpointSlice(ObjectName("b", "a"), service: nil)))
  }

  @Test(
    arguments: [
      (#""addressType":"IPv4","#, "fd00::1", [.ipv4]), (#""addressType":"IPv6","#, "", [.ipv6]),
      (#""addressType":"FQDN","#, "db.example", []), (#""addressType":"Other","#, "10.0.0.1", []),
      ("", "10.1.0.1", [.ipv4]), ("", "fd00::1", [.ipv6]), ("", "x", [.ipv4, .ipv6]),
    ] as [(String, String, [IPFamily])])
  func theFamilyOfASlice(type: String, address: String, families: [IPFamily]) throws {
    let object = try read(
      .endpointSlice,
      #"{"metadata":{"name":"a"},\#(type)"endpoints":[{"addresses":["\#(address)"]}]}"#)
    guard case .endpointSlice(let slice) = object else { return #expect(Bool(false)) }
    #expect(slice.families == families)
  }

  /// What a server before 1.20 does not say (`serving`) is whether the endpoint is ready.
  @Test(
    arguments: [
      (#""ready":false,"serving":true,"terminating":true"#, false, true),
      (#""ready":false,"serving":false,"terminating":true"#, false, false),
      (#""ready":false,"serving":true,"terminating":false"#, false, false),
      (#""ready":false,"terminating":true"#, false, false),
      (#""terminating":true"#, true, true), (#""ready":true,"terminating":null"#, true, false),
    ])
  func endpointsThatEnd(conditions: String, isReady: Bool, isDraining: Bool) throws {
    let object = try read(
      .endpointSlice,
      #"{"metadata":{"name":"a"},"endpoints":[{"nodeName":"n","conditions":{\#(conditions)}}]}"#)
    guard case .endpointSlice(let slice) = object else { return #expect(Bool(false)) }
    #expect(slice.endpoints == [.init(node: "n", isReady: isReady, isDraining: isDraining)])
  }

  @Test(
    arguments: [
      (#""True""#, true), (#""False""#, false), (#""Unknown""#, false), ("null", nil),
    ] as [(String, Bool?)])
  func nodes(status: String, isReady: Bool?) throws {
    let object = try read(
      .node,
      """
      {"metadata":{"name":"node-a","labels":{"kubernetes.io/hostname":"node-a"}},
       "spec":{"unschedulable":true,"podCIDR":"10.1.0.0/24",
        "taints":[{"key":"node.kubernetes.io/unschedulable","effect":"NoSchedule","timeAdded":null}]},
       "status":{"conditions":[{"type":"MemoryPressure","status":"False"},
        {"type":"Ready","status":\(status)}],"capacity":{"cpu":"4"}}}
      """)
    #expect(
      object
        == .node(
          Node(
            "node-a", labels: ["kubernetes.io/hostname": "node-a"], isUnschedulable: true,
            taints: ["node.kubernetes.io/unschedulable"], isReady: isReady)))
    #expect(try read(.node, #"{"metadata":{"name":"n"}}"#) == .node(Node("n")))
  }

  @Test func theAddressesOfANode() throws {
    let object = try read(
      .node,
      """
      {"metadata":{"name":"n"},"status":{"addresses":[
        {"type":"InternalIP","address":"10.0.0.2"},{"type":"InternalIP","address":"fd00::2"},
        {"type":"ExternalIP","address":"10.0.0.1"},{"type":"Hostname","address":"n.example"},
        {"type":"ExternalIP","address":"10.0.0.2"},{"type":"InternalDNS","address":null}]}}
      """)
    let addresses = ["10.0.0.1", "10.0.0.2", "fd00::2"].compactMap { IPAddress($0) }
    #expect(object == .node(Node("n", addresses: addresses)))
  }

  @Test func policies() throws {
    let object = try read(
      .policy,
      """
      {"apiVersion":"cilium.io/v2alpha1","kind":"CiliumL2AnnouncementPolicy",
       "metadata":{"name":"lan","generation":3},
       "spec":{"externalIPs":true,"loadBalancerIPs":true,"interfaces":["^eth[0-9]+"],
        "nodeSelector":{"matchExpressions":[{"key":"role","operator":"DoesNotExist"}]},
        "serviceSelector":{"matchLabels":{"color":"blue"},"matchExpressions":
         [{"key":"tier","operator":"NotIn","values":["db"]}]}},
       "status":{"conditions":[{"type":"io.cilium/bad-node-selector","status":"False",
        "reason":"error","message":"m","observedGeneration":2,
        "lastTransitionTime":"2026-01-01T00:00:00Z"}]}}
      """)
    let expected = L2AnnouncementPolicy(
      "lan",
      nodeSelector: LabelSelector(
        matchExpressions: [.init(key: "role", operator: "DoesNotExist")]),
      serviceSelector: LabelSelector(
        matchLabels: ["color": "blue"],
        matchExpressions: [.init(key: "tier", operator: "NotIn", values: ["db"])]),
      interfaces: ["^eth[0-9]+"], externalIPs: true, loadBalancerIPs: true, generation: 3,
      conditions: [
        PolicyCondition(
          type: "io.cilium/bad-node-selector", isTrue: false, message: "m", observedGeneration: 2)
      ])
    #expect(object == .policy(expected))
    #expect(
      try read(.policy, #"{"metadata":{"name":"p"},"spec":{"nodeSelector":{}}}"#)
        == .policy(L2AnnouncementPolicy("p", nodeSelector: LabelSelector())))
  }

  @Test func poolsOfEveryAge() throws {
    let object = try read(
      .pool,
      """
      {"metadata":{"name":"blue"},"spec":{"blocks":[{"cidr":"10.0.0.0/28"},
       {"start":"10.0.1.1","stop":"10.0.1.9"},{"start":"10.0.2.1"},{}],
       "cidrs":[{"cidr":"10.0.3.0/24"},{"cidr":"nonsense"}],"disabled":false}}
      """)
    #expect(
      object
        == .pool(
          LoadBalancerIPPool(
            "blue",
            blocks: [
              .cidr("10.0.0.0/28"), .run(start: "10.0.1.1", stop: "10.0.1.9"),
              .run(start: "10.0.2.1", stop: nil), .run(start: "", stop: nil),
              .cidr("10.0.3.0/24"), .cidr("nonsense"),
            ])))
  }

  @Test func aPoolWithEverything() throws {
    let object = try read(
      .pool,
      """
      {"metadata":{"name":"blue","resourceVersion":"9","generation":3,
        "creationTimestamp":"2026-01-01T00:00:00Z"},
       "spec":{"blocks":[{"cidr":"10.0.0.5/28"}],"disabled":true,"allowFirstLastIPs":"No",
        "serviceSelector":{"matchLabels":{"a":"b"}}},
       "status":{"conditions":[{"type":"t","status":"Unknown","reason":"r","message":"5"}]}}
      """)
    var pool = LoadBalancerIPPool("blue", blocks: [.cidr("10.0.0.5/28")])
    #expect(pool.ranges.map(\.description) == ["10.0.0.0-10.0.0.15"], "host bits are cleared")
    pool.serviceSelector = LabelSelector(matchLabels: ["a": "b"])
    pool.allowsFirstLast = false
    pool.isDisabled = true
    pool.createdAt = "2026-01-01T00:00:00Z"
    pool.generation = 3
    pool.version = "9"
    pool.conditions = [Condition(type: "t", status: "Unknown", reason: "r", message: "5")]
    #expect(object == .pool(pool))
  }

  @Test(
    arguments: [
      ("v1", "Service", .service), ("v1", "Node", .node), ("v2", "Service", nil),
      ("discovery.k8s.io/v1beta1", "EndpointSlice", .endpointSlice),
      ("discovery.k8s.io/v1", "EndpointSlice", .endpointSlice), ("v1", "EndpointSlice", nil),
      ("cilium.io/v2", "CiliumL2AnnouncementPolicy", .policy),
      ("cilium.io/v2alpha1", "CiliumLoadBalancerIPPool", .pool), ("apps/v1", "Deployment", nil),
      ("serving.knative.dev/v1", "Service", nil),
    ] as [(String, String, ClusterObject.Kind?)])
  func kindsAreKnownByGroupAndVersion(
    apiVersion: String, kind: String, known: ClusterObject.Kind?
  ) {
    let type = ObjectType(apiVersion: apiVersion, kind: kind)
    #expect(type.known == known)
    #expect(!type.isList)
    let list = ObjectType(apiVersion: apiVersion, kind: "\(kind)List")
    #expect(list.isList == (known != nil))
  }
}
