import Cluster
import Testing

struct LabelSelectorTests {
  private func holds(_ selector: LabelSelector, _ labels: Labels) throws -> Bool {
    try selector.requirements().hold(for: labels)
  }

  private func expression(
    _ key: String, _ op: String, _ values: [String] = []
  ) -> LabelSelector {
    LabelSelector(matchExpressions: [.init(key: key, operator: op, values: values)])
  }

  @Test func anEmptySelectorHoldsForEverything() throws {
    #expect(try holds(LabelSelector(), [:]))
    #expect(try holds(LabelSelector(), ["a": "b"]))
  }

  @Test func allRequirementsMustHold() throws {
    let selector = LabelSelector(
      matchLabels: ["app": "web", "tier": ""],
      matchExpressions: [.init(key: "zone", operator: "Exists")])
    #expect(try holds(selector, ["app": "web", "tier": "", "zone": "x"]))
    #expect(try !holds(selector, ["app": "web", "tier": ""]))
    #expect(try !holds(selector, ["app": "web", "zone": "x"]))
    #expect(try !holds(selector, ["app": "db", "tier": "", "zone": "x"]))
  }

  @Test(
    arguments: [
      ("In", ["a", "b"], "a", true), ("In", ["a", "b"], "c", false), ("In", ["a"], nil, false),
      ("NotIn", ["a", "b"], "a", false), ("NotIn", ["a", "b"], "c", true),
      ("NotIn", ["a"], nil, true), ("Exists", [], "", true), ("Exists", [], nil, false),
      ("DoesNotExist", [], "", false), ("DoesNotExist", [], nil, true),
    ] as [(String, [String], String?, Bool)])
  func theFourOperators(op: String, values: [String], value: String?, isHeld: Bool) throws {
    let labels = value.map { Labels(["k": $0]) } ?? Labels()
    #expect(try holds(expression("k", op, values), labels) == isHeld)
  }

  @Test(
    arguments: [
      ("k", "In", [], "matchExpressions[0].values: In needs at least one"),
      ("k", "NotIn", [], "matchExpressions[0].values: NotIn needs at least one"),
      ("k", "Exists", ["a"], "matchExpressions[0].values: Exists takes none"),
      ("k", "DoesNotExist", ["a"], "matchExpressions[0].values: DoesNotExist takes none"),
      (
        "k", "in", ["a"],
        "matchExpressions[0].operator: 'in' is none of In, NotIn, Exists and DoesNotExist"
      ),
      (
        "", "Exists", [], "matchExpressions[0].key: '' has no name"
      ),
      (
        "k", "In", ["fine", "not fine"],
        "matchExpressions[0].values[1]: 'not fine' is no value: only letters, digits, '-', '_' and "
          + "'.' are allowed"
      ),
    ] as [(String, String, [String], String)])
  func whatCannotBeUsedSaysWhereAndWhy(
    key: String, op: String, values: [String], message: String
  ) {
    let fault = #expect(throws: LabelSelector.Fault.self) {
      try expression(key, op, values).requirements()
    }
    #expect(fault?.description == message)
  }

  @Test(arguments: [
    "app", "a", "9", "A.b_c-d", "example.com/app", "a-b.c9/X", String(repeating: "a", count: 63),
    String(repeating: "a.", count: 126) + "a/x",
  ])
  func keysAsTheAPIServerTakesThem(key: String) throws {
    #expect(try holds(expression(key, "Exists"), [key: ""]))
  }

  @Test(arguments: [
    "-a", "a-", "a b", "ä", "a/", "/a", "a/b/c", "Example.com/a", "a..b/c", "-a/b", "a-/b", "@",
    "a[",
    String(repeating: "a", count: 64), String(repeating: "a.", count: 127) + "a/x",
  ])
  func keysAsTheAPIServerRefusesThem(key: String) {
    #expect(throws: LabelSelector.Fault.self) { try expression(key, "Exists").requirements() }
    #expect(throws: LabelSelector.Fault.self) {
      try LabelSelector(matchLabels: [key: "v"]).requirements()
    }
  }

  @Test(arguments: ["-", "a.", String(repeating: "a", count: 64)])
  func aBadValueInMatchLabelsIsAFault(value: String) {
    #expect(throws: LabelSelector.Fault.self) {
      try LabelSelector(matchLabels: ["a": value]).requirements()
    }
  }

  @Test func aServiceIsSelectedByWhatItIsCalled() throws {
    var web = service("web", labels: ["io.kubernetes.service.name": "db", "app": "web"])
    let byName = try LabelSelector(matchLabels: ["io.kubernetes.service.name": "web"])
      .requirements()
    let byNamespace = try LabelSelector(matchExpressions: [
      .init(key: "io.kubernetes.service.namespace", operator: "NotIn", values: ["kube-system"])
    ]).requirements()
    #expect(byName.hold(for: web))
    #expect(byNamespace.hold(for: web))
    web.name = ObjectName("kube-system", "db")
    // The label of this name that the Service carries itself does not count.
    web.labels = ["io.kubernetes.service.name": "web"]
    #expect(!byName.hold(for: web))
    #expect(!byNamespace.hold(for: web))
  }
}
