extension Shapes {
  /// What kustomize reads and writes.
  static let kustomize: [Shape] = [
    Shape(
      .kustomize, "build, with the comments of its sources",
      """
      apiVersion: v1
      data:
        motd: hello
      kind: ConfigMap
      metadata:
        name: prod-motd-4h2mbtbbt6
        namespace: shop
      ---
      apiVersion: v1
      kind: Service
      metadata:
        labels:
          app: web
        name: prod-web
        namespace: shop
      spec:
        externalTrafficPolicy: Local
        ports:
        # HTTP only
        - port: 80 # the proxy speaks TLS
        selector:
          app: web
        type: LoadBalancer
      """,
      objects: ["Service/shop/prod-web"], note: "ConfigMap of v1 is passed over"),
    Shape(
      .kustomize, "kustomization.yaml",
      """
      apiVersion: kustomize.config.k8s.io/v1beta1
      kind: Kustomization
      namespace: shop
      namePrefix: prod-
      resources:
      - ../base
      - namespace.yaml
      patches:
      - path: type.yaml
      - patch: |-
          - op: add
            path: /spec/externalTrafficPolicy
            value: Local
        target:
          kind: Service
      """,
      note: "Kustomization of kustomize.config.k8s.io/v1beta1 is passed over"),
    Shape(
      .kustomize, "kustomization.yaml that does not say its kind",
      """
      namespace: shop
      resources:
      - service.yaml
      commonLabels:
        app: web
      images:
      - name: web
        newTag: "1.27"
      """,
      note: "this is not a Kubernetes object"),
    // The program cannot tell it from a whole object.
    Shape(
      .kustomize, "a patch, of one field",
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        externalTrafficPolicy: Local
      """,
      objects: ["Service/default/web"]),
    // The patch takes a Service away, so the program must not read one.
    Shape(
      .kustomize, "a strategic merge patch that deletes",
      """
      $patch: delete
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      """,
      error: "$patch"),
    Shape(
      .kustomize, "a strategic merge patch that replaces the selector of a policy",
      """
      apiVersion: cilium.io/v2alpha1
      kind: CiliumL2AnnouncementPolicy
      metadata:
        name: lan
      spec:
        nodeSelector:
          $patch: replace
          matchLabels:
            role: gateway
      """,
      error: "$patch"),
    Shape(
      .kustomize, "a Component",
      """
      apiVersion: kustomize.config.k8s.io/v1alpha1
      kind: Component
      resources:
      - pool.yaml
      patches:
      - target:
          kind: Service
          labelSelector: expose=lan
        patch: |-
          - op: replace
            path: /spec/type
            value: LoadBalancer
      """,
      note: "Component of kustomize.config.k8s.io/v1alpha1 is passed over"),
    Shape(
      .kustomize, "generators",
      """
      apiVersion: builtin
      kind: ConfigMapGenerator
      metadata:
        name: settings
      literals:
      - GREETING=hello
      ---
      apiVersion: builtin
      kind: HelmChartInflationGenerator
      metadata:
        name: web
      name: web
      repo: https://charts.example.com
      version: 1.2.3
      """,
      note: "HelmChartInflationGenerator of builtin is passed over"),
    Shape(
      .kustomize, "a JSON 6902 patch",
      """
      - op: replace
        path: /spec/type
        value: LoadBalancer
      - op: add
        path: /metadata/annotations/lbipam.cilium.io~1ips
        value: 192.0.2.10
      """,
      note: "this is not a Kubernetes object"),
    Shape(
      .kustomize, "replacements",
      """
      - source:
          kind: ConfigMap
          name: settings
          fieldPath: data.vip
        targets:
        - select:
            kind: Service
            name: web
          fieldPaths:
          - spec.loadBalancerIP
          options:
            create: true
      """,
      note: "this is not a Kubernetes object"),
    Shape(
      .kustomize, "a base with anchors, aliases and a merge key",
      """
      apiVersion: v1
      kind: Service
      metadata: &head
        name: web
        labels: &labels
          app: web
          tier: front
      spec:
        selector: *labels
        type: &type LoadBalancer
        ports: &ports
        - port: 80
      ---
      apiVersion: v1
      kind: Service
      metadata:
        <<: &head
          namespace: shop
          labels: {tier: back}
        name: api
      spec:
        type: LoadBalancer
      """,
      objects: ["Service/default/web", "Service/shop/api"]),
    Shape(
      .kustomize, "build, with the anchors expanded and the origins noted",
      """
      apiVersion: v1
      kind: Service
      metadata:
        annotations:
          config.kubernetes.io/origin: |
            path: ../base/service.yaml
          internal.config.kubernetes.io/index: "0"
        labels:
          app: web
          tier: front
        name: web
      spec:
        selector:
          app: web
          tier: front
        type: LoadBalancer
      """,
      objects: ["Service/default/web"]),
    Shape(
      .kustomize, "the namespace of an overlay",
      """
      apiVersion: v1
      kind: Namespace
      metadata:
        name: shop
        labels:
          pod-security.kubernetes.io/enforce: restricted
      """,
      note: "Namespace of v1 is passed over"),
    // kustomize and a function exchange it; a cluster does not know the kind.
    Shape(
      .kustomize, "a function's ResourceList",
      """
      apiVersion: config.kubernetes.io/v1
      kind: ResourceList
      items:
      - apiVersion: v1
        kind: Service
        metadata:
          name: web
        spec:
          type: LoadBalancer
      functionConfig:
        apiVersion: example.com/v1
        kind: SetLabels
      """,
      note: "ResourceList of config.kubernetes.io/v1 is passed over"),
    Shape(
      .kustomize, "a build that failed, 2>&1",
      """
      Error: accumulating resources: accumulation err='accumulating resources from 'service.yaml': \
      open /srv/web/service.yaml: no such file or directory': must build at directory: \
      '/srv/web/service.yaml': file is not directory
      """,
      error: "mapping values are not allowed"),
  ]
}
