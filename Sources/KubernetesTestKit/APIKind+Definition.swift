extension APIKind {
  /// The CustomResourceDefinition of a custom kind: any fields at all, and a status of its own.
  var definition: JSON {
    let versions: [JSON] = self.versions.enumerated().map { index, version in
      var form: JSON = [
        "name": .string(version), "served": true, "storage": .bool(index == 0),
        "schema": [
          "openAPIV3Schema": [
            "type": "object", "x-kubernetes-preserve-unknown-fields": true,
          ]
        ],
        "subresources": ["status": [:]],
      ]
      if let warning = warnings[version] {
        form["deprecated"] = true
        form["deprecationWarning"] = .string(warning)
      }
      return form
    }
    return [
      "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
      "metadata": ["name": .string(resource)],
      "spec": [
        "group": .string(group), "scope": isNamespaced ? "Namespaced" : "Cluster",
        "names": [
          "kind": .string(kind), "plural": .string(plural),
          "singular": .string(kind.lowercased()),
        ],
        "versions": .array(versions),
      ],
    ]
  }
}
