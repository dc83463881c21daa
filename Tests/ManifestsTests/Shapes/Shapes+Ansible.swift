extension Shapes {
  /// What Ansible writes, and what is in its projects.
  static let ansible: [Shape] = [
    // Jinja2 writes truth values, lists and mappings as Python does.
    Shape(
      .ansible, "template, with its header",
      """
      # Ansible managed: /srv/ansible/roles/lan/templates/policy.yaml.j2 on control.example.com
      ---
      apiVersion: cilium.io/v2alpha1
      kind: CiliumL2AnnouncementPolicy
      metadata:
        name: lan
      spec:
        loadBalancerIPs: True
        externalIPs: False
        interfaces: ['^eth0$', '^eth1$']
        nodeSelector: {'matchLabels': {'role': 'gateway'}}
      """,
      objects: ["CiliumL2AnnouncementPolicy/lan"]),
    Shape(
      .ansible, "to_nice_yaml, with an indentation of 4 and the keys in order",
      """
      apiVersion: v1
      kind: Service
      metadata:
          labels:
              app: web
          name: web
          namespace: shop
      spec:
          externalIPs:
          - 192.0.2.10
          ports:
          -   name: http
              port: 80
              targetPort: 8080
          type: LoadBalancer
      """,
      objects: ["Service/shop/web"]),
    Shape(
      .ansible, "a playbook",
      """
      ---
      - name: Announce the shop
        hosts: gateways
        become: true
        vars:
          vip: 192.0.2.10
        tasks:
          - name: Put the policy in place
            ansible.builtin.template:
              src: policy.yaml.j2
              dest: /etc/announcer/manifests.d/policy.yaml
              mode: "0644"
      """,
      note: "this is not a Kubernetes object"),
    Shape(
      .ansible, "a file that ansible-vault encrypted",
      """
      $ANSIBLE_VAULT;1.1;AES256
      30303030303030303030303030303030303030303030303030303030303030303030303030303030
      3030303030303030303030300a303030303030303030303030303030303030303030303030303030
      3030
      """,
      error: "an object is expected here"),
    Shape(
      .ansible, "group_vars with a value that ansible-vault encrypted",
      """
      ---
      vip: 192.0.2.10
      router_password: !vault |
                $ANSIBLE_VAULT;1.1;AES256
                30303030303030303030303030303030303030303030303030303030303030303030303030303030
                3030303030303030303030300a303030303030303030303030303030303030303030303030303030
      """,
      note: "this is not a Kubernetes object"),
    Shape(
      .ansible, "group_vars with expressions",
      """
      ---
      # What the roles expect.
      lan_interfaces:
        - "^eth0$"
      services:
        - name: web
          vip: "{{ vips[inventory_hostname] | default('192.0.2.10') }}"
      kubeconfig: "{{ lookup('env', 'HOME') }}/.kube/config"
      """,
      note: "this is not a Kubernetes object"),
    Shape(
      .ansible, "a template with an `if` that Jinja2 did not render",
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        type: LoadBalancer
      {% if vip is defined %}
        loadBalancerIP: {{ vip }}
      {% endif %}
      """,
      error: "a template that was not rendered"),
    // This is YAML, but a Service cannot have braces in its name.
    Shape(
      .ansible, "a template that Jinja2 did not render, with all its braces in quotes",
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: "{{ item.name }}"
      spec:
        type: LoadBalancer
        externalIPs: ["{{ item.vip }}"]
      """,
      error: "template"),
    Shape(
      .ansible, "a task of kubernetes.core.k8s",
      """
      - name: Create the Service
        kubernetes.core.k8s:
          state: present
          definition:
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              namespace: shop
            spec:
              type: LoadBalancer
      """,
      note: "this is not a Kubernetes object"),
    Shape(
      .ansible, "the definition cut out of a task, with its indentation",
      """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
            spec:
              type: LoadBalancer
      """,
      objects: ["Service/default/web"]),
    Shape(
      .ansible, "documents with end markers",
      """
      ---
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      ...
      ---
      apiVersion: v1
      kind: Service
      metadata:
        name: api
      ...
      """,
      objects: ["Service/default/web", "Service/default/api"]),
    Shape(
      .ansible, "lineinfile, which wrote a key a second time",
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        type: ClusterIP
        ports:
        - port: 80
        type: LoadBalancer
      """,
      error: "the key `type` is written twice"),
    // Without the line the policy means every interface.
    Shape(
      .ansible, "lineinfile, which wrote a line of the spec at the end",
      """
      apiVersion: cilium.io/v2alpha1
      kind: CiliumL2AnnouncementPolicy
      metadata:
        name: lan
      spec:
        loadBalancerIPs: true
      interfaces: ["^lan0$"]
      """,
      error: "interfaces"),
    Shape(
      .ansible, "lineinfile, which lost the indentation in a list",
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        externalIPs:
        - 192.0.2.10
       - 192.0.2.11
        type: LoadBalancer
      """,
      error: "this is not YAML"),
    Shape(
      .ansible, "blockinfile, with its markers",
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        type: LoadBalancer
      # BEGIN ANSIBLE MANAGED BLOCK
        externalIPs:
          - 192.0.2.10
      # END ANSIBLE MANAGED BLOCK
      """,
      objects: ["Service/default/web"]),
    Shape(
      .ansible, "an inventory",
      """
      all:
        hosts:
          node-a:
            ansible_host: 10.0.0.11
        children:
          gateways:
            hosts:
              node-a:
        vars:
          ansible_user: admin
      """,
      note: "this is not a Kubernetes object"),
  ]
}
