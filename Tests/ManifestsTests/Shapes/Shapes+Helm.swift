extension Shapes {
  /// What is in a chart, and what Helm makes of it.
  static let helm: [Shape] = [
    Shape(
      .helm, "template, with the sources and a document that is empty",
      """
      ---
      # Source: web/templates/serviceaccount.yaml
      apiVersion: v1
      kind: ServiceAccount
      metadata:
        name: release-web
        labels:
          helm.sh/chart: web-1.2.3
          app.kubernetes.io/managed-by: Helm
      automountServiceAccountToken: true
      ---
      # Source: web/templates/ingress.yaml

      ---
      # Source: web/templates/service.yaml
      apiVersion: v1
      kind: Service
      metadata:
        name: release-web
        labels:
          helm.sh/chart: web-1.2.3
      spec:
        type: LoadBalancer
        ports:
          - port: 80
            targetPort: http
      """,
      objects: ["Service/default/release-web"], note: "ServiceAccount of v1 is passed over"),
    Shape(
      .helm, "values.yaml",
      """
      # Default values for web.
      replicaCount: 1
      image:
        repository: registry.example.com/web
        tag: ""
      serviceAccount:
        create: true
        annotations: {}
      service:
        type: LoadBalancer
        port: 80
        loadBalancerIP: 192.0.2.10
      tolerations: []
      """,
      note: "this is not a Kubernetes object"),
    // Helm takes the last one. There is no object here, so the program need not choose.
    Shape(
      .helm, "values.yaml with a key that is written twice",
      """
      service:
        type: ClusterIP
        port: 80
      resources: {}
      # on the LAN
      service:
        type: LoadBalancer
        port: 80
      """,
      note: "this is not a Kubernetes object"),
    // The program does not read this kind, so a fault further in does not matter to it.
    Shape(
      .helm, "a Deployment in which an annotation is written twice",
      """
      # Source: web/templates/deployment.yaml
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: release-web
      spec:
        template:
          metadata:
            annotations:
              checksum/config: 0f1e2d
              checksum/config: 3c4b5a
      ---
      # Source: web/templates/service.yaml
      apiVersion: v1
      kind: Service
      metadata:
        name: release-web
      spec:
        type: LoadBalancer
      """,
      objects: ["Service/default/release-web"], note: "Deployment of apps/v1 is passed over"),
    // The `apiVersion` is Helm's. The file does not have what each object has: `kind` and
    // `metadata`.
    Shape(
      .helm, "Chart.yaml",
      """
      apiVersion: v2
      name: web
      description: A shop
      type: application
      version: 1.2.3
      appVersion: "1.27"
      dependencies:
        - name: common
          version: 2.x.x
          repository: https://charts.example.com
      """,
      note: "this is not a Kubernetes object"),
    Shape(
      .helm, "Chart.lock",
      """
      dependencies:
      - name: common
        repository: https://charts.example.com
        version: 2.13.3
      digest: sha256:0000000000000000000000000000000000000000000000000000000000000000
      generated: "2025-03-04T05:06:07.891011+01:00"
      """,
      note: "this is not a Kubernetes object"),
    Shape(
      .helm, "a template that was not rendered",
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: {{ include "web.fullname" . }}
        labels:
          {{- include "web.labels" . | nindent 4 }}
      spec:
        type: {{ .Values.service.type }}
        ports:
          - port: {{ .Values.service.port }}
      """,
      error: "a template that was not rendered"),
    Shape(
      .helm, "a template in an `if` that was not rendered",
      """
      {{- if .Values.policy.enabled -}}
      apiVersion: cilium.io/v2alpha1
      kind: CiliumL2AnnouncementPolicy
      metadata:
        name: lan
      spec:
        loadBalancerIPs: true
      {{- end }}
      """,
      error: "a template that was not rendered"),
    // This is YAML, but a Service cannot have braces in its name.
    Shape(
      .helm, "a template that was not rendered, with all its braces in quotes",
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: "{{ .Release.Name }}-web"
        namespace: "{{ .Release.Namespace }}"
      spec:
        type: "{{ .Values.service.type }}"
      """,
      error: "template"),
    Shape(
      .helm, "a rendered template whose `if` left only spaces",
      """
      ---
      # Source: web/templates/ingress.yaml
       \u{20}
         \u{20}
      ---
      # Source: web/templates/service.yaml

      apiVersion: v1
      kind: Service
      metadata:
        name: release-web
        labels:
          app: web
         \u{20}
      spec:
        type: LoadBalancer
       \u{20}
      ---
       \u{20}
      """,
      objects: ["Service/default/release-web"]),
    Shape(
      .helm, "NOTES.txt under another name",
      """
      1. Get the address of the shop by running these commands:
           NOTE: It may take a few minutes until the load balancer has one.
                 Watch it with 'kubectl get --namespace shop service -w release-web'
        export ADDRESS=$(kubectl get --namespace shop service release-web -o name)
        echo http://$ADDRESS:80
      """,
      error: "this is not YAML"),
    Shape(
      .helm, "the definitions in a chart's crds",
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata:
        name: ciliuml2announcementpolicies.cilium.io
      spec:
        group: cilium.io
        names:
          kind: CiliumL2AnnouncementPolicy
          listKind: CiliumL2AnnouncementPolicyList
          plural: ciliuml2announcementpolicies
        scope: Cluster
        versions:
        - name: v2alpha1
          served: true
          storage: true
          schema:
            openAPIV3Schema:
              type: object
              required: [metadata]
      """,
      note: "CustomResourceDefinition of apiextensions.k8s.io/v1 is passed over"),
    Shape(
      .helm, "get manifest",
      """
      ---
      # Source: announcer/templates/pool.yaml
      apiVersion: "cilium.io/v2"
      kind: CiliumLoadBalancerIPPool
      metadata:
        name: "lan"
      spec:
        blocks:
          - start: "192.0.2.10"
            stop: "192.0.2.20"
        allowFirstLastIPs: "No"
      ---
      # Source: announcer/templates/policy.yaml
      apiVersion: "cilium.io/v2alpha1"
      kind: CiliumL2AnnouncementPolicy
      metadata:
        name: "lan"
      spec:
        interfaces:
          - "^eth[0-9]+$"
        loadBalancerIPs: true
      """,
      objects: ["CiliumLoadBalancerIPPool/lan", "CiliumL2AnnouncementPolicy/lan"]),
    Shape(
      .helm, "what toYaml and nindent make of block scalars",
      """
      # Source: web/templates/service.yaml
      apiVersion: v1
      kind: Service
      metadata:
        name: web
        annotations:
          example.com/script: |-
            #!/bin/sh
            # ---
            apiVersion: not this one
              deeper: text
          example.com/text: >
            folded
            text

            with: a colon
          lbipam.cilium.io/ips: 192.0.2.10
      spec:
          type: LoadBalancer
          ports:
                - name: http
                  port: 80
      """,
      objects: ["Service/default/web"]),
    Shape(
      .helm, "template 2>&1, with a warning that has a colon in it",
      """
      WARNING: Kubernetes configuration file is group-readable. This is insecure. Location: \
      /home/me/.kube/config
      ---
      # Source: web/templates/service.yaml
      apiVersion: v1
      kind: Service
      metadata:
        name: release-web
      spec:
        type: LoadBalancer
      """,
      error: "mapping values are not allowed"),
  ]
}
