extension Shapes {
  /// What `kubectl` prints, and what lands in a file with it.
  static let kubectl: [Shape] = [
    Shape(
      .kubectl, "get -o yaml with managed fields and the last applied configuration",
      """
      apiVersion: v1
      kind: Service
      metadata:
        annotations:
          kubectl.kubernetes.io/last-applied-configuration: |
            {"apiVersion":"v1","kind":"Service","metadata":{"annotations":{},"name":"web",\
      "namespace":"shop"},"spec":{"externalIPs":["192.0.2.10"],"ports":[{"port":80}],\
      "type":"LoadBalancer"}}
        creationTimestamp: "2025-03-04T05:06:07Z"
        managedFields:
        - apiVersion: v1
          fieldsType: FieldsV1
          fieldsV1:
            f:spec:
              f:externalIPs: {}
              f:ports:
                .: {}
                k:{"port":80,"protocol":"TCP"}:
                  .: {}
                  f:port: {}
          manager: kubectl-client-side-apply
          operation: Update
          time: "2025-03-04T05:06:07Z"
        name: web
        namespace: shop
        resourceVersion: "4711"
        uid: 11111111-2222-3333-4444-555555555555
      spec:
        clusterIP: 10.96.12.7
        externalIPs:
        - 192.0.2.10
        ports:
        - port: 80
        type: LoadBalancer
      status:
        loadBalancer: {}
      """,
      objects: ["Service/shop/web"]),
    Shape(
      .kubectl, "get -o json --show-managed-fields",
      """
      {
          "apiVersion": "v1",
          "kind": "Node",
          "metadata": {
              "labels": {
                  "node-role.kubernetes.io/control-plane": ""
              },
              "managedFields": [
                  {
                      "apiVersion": "v1",
                      "fieldsType": "FieldsV1",
                      "fieldsV1": {
                          "f:spec": {"f:taints": {}}
                      },
                      "manager": "kubelet",
                      "operation": "Update",
                      "subresource": "status"
                  }
              ],
              "name": "node-a"
          },
          "spec": {
              "taints": [
                  {
                      "effect": "NoSchedule",
                      "key": "node-role.kubernetes.io/control-plane"
                  }
              ]
          }
      }
      """,
      objects: ["Node/node-a"]),
    Shape(
      .kubectl, "get services -o yaml, a List of one kind",
      """
      apiVersion: v1
      items:
      - apiVersion: v1
        kind: Service
        metadata:
          name: kubernetes
          namespace: default
        spec:
          clusterIP: 10.96.0.1
          type: ClusterIP
      - apiVersion: v1
        kind: Service
        metadata:
          name: web
          namespace: shop
        spec:
          type: LoadBalancer
        status:
          loadBalancer:
            ingress:
            - ip: 192.0.2.10
              ipMode: VIP
      kind: List
      metadata:
        resourceVersion: ""
      """,
      objects: ["Service/default/kubernetes", "Service/shop/web"]),
    Shape(
      .kubectl, "get --raw /api/v1/services, whose elements do not say their kind",
      """
      {"kind":"ServiceList","apiVersion":"v1","metadata":{"resourceVersion":"4711"},\
      "items":[{"metadata":{"name":"web","namespace":"shop"},"spec":{"type":"LoadBalancer"},\
      "status":{"loadBalancer":{}}}]}
      """,
      objects: ["Service/shop/web"]),
    Shape(
      .kubectl, "create service loadbalancer --dry-run=client -o yaml",
      """
      apiVersion: v1
      kind: Service
      metadata:
        creationTimestamp: null
        labels:
          app: web
        name: web
      spec:
        ports:
        - name: 80-8080
          port: 80
          protocol: TCP
          targetPort: 8080
        selector:
          app: web
        type: LoadBalancer
      status:
        loadBalancer: {}
      """,
      objects: ["Service/default/web"]),
    Shape(
      .kubectl, "apply --server-side, whose line of success is in the file too",
      """
      apiVersion: cilium.io/v2alpha1
      kind: CiliumL2AnnouncementPolicy
      metadata:
        name: lan
      spec:
        loadBalancerIPs: true
      ciliuml2announcementpolicy.cilium.io/lan serverside-applied
      """,
      error: "could not find expected ':'"),
    Shape(
      .kubectl, "apply --server-side -o yaml",
      """
      apiVersion: cilium.io/v2
      kind: CiliumLoadBalancerIPPool
      metadata:
        creationTimestamp: "2025-03-04T05:06:07Z"
        generation: 2
        managedFields:
        - apiVersion: cilium.io/v2
          fieldsType: FieldsV1
          fieldsV1:
            f:spec:
              f:blocks: {}
          manager: kubectl
          operation: Apply
          time: "2025-03-04T05:06:07Z"
        name: blue
        resourceVersion: "4712"
      spec:
        blocks:
        - cidr: 192.0.2.0/28
        disabled: false
      status:
        conditions:
        - lastTransitionTime: "2025-03-04T05:06:07Z"
          message: ""
          observedGeneration: 2
          reason: resolved
          status: "False"
          type: cilium.io/PoolConflict
      """,
      objects: ["CiliumLoadBalancerIPPool/blue"]),
    Shape(
      .kubectl, "get of several kinds into one file",
      """
      apiVersion: v1
      items:
      - apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec: {type: LoadBalancer}
      - addressType: IPv4
        apiVersion: discovery.k8s.io/v1
        endpoints:
        - addresses:
          - 10.1.0.4
          conditions:
            ready: true
            serving: true
            terminating: false
          nodeName: node-a
        kind: EndpointSlice
        metadata:
          labels: {kubernetes.io/service-name: web}
          name: web-x7k2p
          namespace: shop
        ports:
        - port: 8080
      - apiVersion: v1
        kind: Pod
        metadata: {name: web-0, namespace: shop}
      - apiVersion: v1
        kind: Node
        metadata: {name: node-a}
      kind: List
      metadata:
        resourceVersion: ""
      """,
      objects: ["Service/shop/web", "EndpointSlice/shop/web-x7k2p", "Node/node-a"],
      note: "Pod of v1 is passed over"),
    // To YAML the warning is one more key. It does not change the policy.
    Shape(
      .kubectl, "get -o yaml 2>&1, with a warning before the object",
      """
      Warning: cilium.io/v2alpha1 CiliumL2AnnouncementPolicy is deprecated; use cilium.io/v2
      apiVersion: cilium.io/v2alpha1
      kind: CiliumL2AnnouncementPolicy
      metadata:
        name: lan
      spec:
        externalIPs: true
        interfaces:
        - ^eth[0-9]+
      """,
      objects: ["CiliumL2AnnouncementPolicy/lan"]),
    Shape(
      .kubectl, "get -o json 2>&1, with a warning before the object",
      """
      Warning: cilium.io/v2alpha1 CiliumL2AnnouncementPolicy is deprecated; use cilium.io/v2
      {
          "apiVersion": "cilium.io/v2alpha1",
          "kind": "CiliumL2AnnouncementPolicy",
          "metadata": {
              "name": "lan"
          },
          "spec": {
              "externalIPs": true
          }
      }
      """,
      error: "this is not YAML"),
    Shape(
      .kubectl, "get of an object that is not there, 2>&1",
      """
      Error from server (NotFound): services "web" not found
      """,
      note: "this is not a Kubernetes object"),
    Shape(
      .kubectl, "describe service, pasted by mistake",
      """
      Name:                     web
      Namespace:                shop
      Labels:                   app=web
      Annotations:              <none>
      Selector:                 app=web
      Type:                     LoadBalancer
      IP Family Policy:         SingleStack
      IP Families:              IPv4
      IP:                       10.96.12.7
      LoadBalancer Ingress:     192.0.2.10 (VIP)
      Port:                     http  80/TCP
      TargetPort:               8080/TCP
      Endpoints:                10.1.0.4:8080,10.1.0.5:8080
      External Traffic Policy:  Cluster
      Events:                   <none>
      """,
      note: "this is not a Kubernetes object"),
    // It names a kind of ours: the program must not announce meanwhile what the policy leaves out.
    Shape(
      .kubectl, "describe of a policy, pasted by mistake",
      """
      Name:         lan
      Namespace:   \u{20}
      Labels:       <none>
      Annotations:  <none>
      API Version:  cilium.io/v2alpha1
      Kind:         CiliumL2AnnouncementPolicy
      Metadata:
        Creation Timestamp:  2025-03-04T05:06:07Z
        Generation:          1
      Spec:
        Load Balancer I Ps:  true
        Node Selector:
          Match Labels:
            Role:  gateway
      Events:      <none>
      """,
      error: "is not a key of an object"),
    Shape(
      .kubectl, "get -o jsonpath='{.spec}'",
      """
      {"clusterIP":"10.96.12.7","externalTrafficPolicy":"Cluster","ports":[{"port":80}],\
      "type":"LoadBalancer"}
      """,
      note: "this is not a Kubernetes object"),
    Shape(
      .kubectl, "get -o jsonpath='{.items[*].metadata.name}'",
      "kubernetes web",
      as: .unfinished, error: "an object is expected here"),
    Shape(
      .kubectl, "get, as a table",
      """
      NAME         TYPE           CLUSTER-IP   EXTERNAL-IP   PORT(S)        AGE
      kubernetes   ClusterIP      10.96.0.1    <none>        443/TCP        41d
      web          LoadBalancer   10.96.12.7   192.0.2.10    80:30080/TCP   2d3h
      """,
      error: "an object is expected here"),
    Shape(
      .kubectl, "get -o yaml, copied with the prompt above it",
      """
      $ kubectl get service web -o yaml
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        type: LoadBalancer
      """,
      error: "mapping values are not allowed"),
    // `ManifestReader` counts the first one and writes a note about the second.
    Shape(
      .kubectl, "get -o yaml --watch, the object as it changes",
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
        resourceVersion: "4711"
      spec:
        type: LoadBalancer
      ---
      apiVersion: v1
      kind: Service
      metadata:
        name: web
        resourceVersion: "4712"
      spec:
        externalIPs: [192.0.2.10]
        type: LoadBalancer
      """,
      objects: ["Service/default/web", "Service/default/web"]),
    Shape(
      .kubectl, "edit, with the comment it begins with",
      """
      # Please edit the object below. Lines beginning with a '#' will be ignored,
      # and an empty file will abort the edit. If an error occurs while saving this file will be
      # reopened with the relevant failures.
      #
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        externalTrafficPolicy: Local
        type: LoadBalancer
      """,
      objects: ["Service/default/web"]),
    Shape(
      .kubectl, "get -o yaml of a kind that has no object",
      """
      apiVersion: v1
      items: []
      kind: List
      metadata:
        resourceVersion: ""
      """),
  ]
}
