import Cluster
import Manifests
import Testing

struct ManifestReaderTests {
  private let directory = TemporaryDirectory()

  private func names(_ snapshot: ManifestSnapshot) -> [String] {
    snapshot.objects.map(\.name.name)
  }

  @Test func aDirectoryIsItsManifestsByName() {
    directory.write("b.yaml", serviceText("b", "10.0.0.2"))
    directory.write("a.json", #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"}}"#)
    directory.write("c.yml", serviceText("c", "10.0.0.3"))
    for name in [".hidden.yaml", "d.yaml~", "e.txt", "f.yaml.dpkg-old"] {
      directory.write(name, serviceText("x", "10.0.0.9"))
    }
    directory.makeDirectory("g.yaml")
    var reader = ManifestReader([directory.path, "\(directory.path)/e.txt"])
    #expect(names(reader.read()) == ["a", "b", "c", "x"])
  }

  @Test func aBadFileStaysAsItLastWas() {
    directory.write("a.yaml", serviceText("a", "10.0.0.1"))
    directory.write("b.yaml", "kind: [")
    var reader = ManifestReader([directory.path])
    var snapshot = reader.read()
    #expect(names(snapshot) == ["a"])
    #expect(snapshot.errors.map(\.file) == ["\(directory.path)/b.yaml"])
    directory.replace("a.yaml", serviceText("a2", "10.0.0.1") + "---\nkind: [")
    directory.replace("b.yaml", serviceText("b", "10.0.0.2"))
    snapshot = reader.read()
    #expect(names(snapshot) == ["a", "b"])
    #expect(snapshot.errors.map(\.line) == [7])
    #expect(snapshot.errors.map(\.file) == ["\(directory.path)/a.yaml"])
    directory.write("a.yaml", "\u{1}")
    #expect(names(reader.read()) == ["a", "b"])
    directory.replace("a.yaml", serviceText("a3", "10.0.0.1"))
    snapshot = reader.read()
    #expect(names(snapshot) == ["a3", "b"])
    #expect(snapshot.errors.isEmpty)
    // Deleted is not bad: it is what somebody wants.
    directory.remove("a.yaml")
    #expect(names(reader.read()) == ["b"])
  }

  @Test func theSameObjectTwiceCountsOnce() {
    directory.write("a.yaml", serviceText("web", "10.0.0.1"))
    directory.write(
      "b.yaml", serviceText("other", "10.0.0.3") + "---\n" + serviceText("web", "10.0.0.2"))
    var reader = ManifestReader([directory.path])
    let snapshot = reader.read()
    #expect(names(snapshot) == ["web", "other"])
    #expect(
      snapshot.notes.map(\.description) == [
        "\(directory.path)/b.yaml:6: Service default/web is already in \(directory.path)/a.yaml:1, "
          + "which counts"
      ])
  }

  @Test func whatIsNotThereYetIsANote() {
    var reader = ManifestReader(["\(directory.path)/later"])
    #expect(
      reader.read().notes.map(\.description)
        == ["\(directory.path)/later: there is no such file or directory yet"])
  }

  @Test func theBreakOfALineInANameDoesNotBreakTheLog() {
    let text = ManifestDiagnostic(file: "a\nb", line: 1, column: 2, message: "x\u{1b}[31m")
    #expect(text.description == "a\u{fffd}b:1:2: x\u{fffd}[31m")
  }
}

/// Files that are not understood, and what they may hide.
struct UnreadFilesTests {
  private let directory = TemporaryDirectory()
  private let everything = Set(ClusterObject.Kind.allCases)

  private func hidden(_ snapshot: ManifestSnapshot) -> [ClusterObject.Kind: [String]] {
    snapshot.unread.mapValues { $0.map { String($0.dropFirst(directory.path.count + 1)) } }
  }

  private static let policy = """
    apiVersion: cilium.io/v2
    kind: CiliumL2AnnouncementPolicy
    metadata: {name: lan}

    """

  @Test func aFileHidesTheKindsThatItMayHave() {
    directory.write("a.yaml", serviceText("a", "10.0.0.1"))
    directory.write("b.yaml", Self.policy + "spec: [1]")
    directory.write("c.yaml", serviceText("c", "10.0.0.3").replacing("{name: c}", with: "{}"))
    var reader = ManifestReader([directory.path])
    #expect(hidden(reader.read()) == [.policy: ["b.yaml"], .service: ["c.yaml"]])
    // Without its syntax nobody knows what it has.
    directory.replace("b.yaml", "kind: [")
    #expect(Set(hidden(reader.read()).keys) == everything)
    // As it is meant; from now on it counts as it last was.
    directory.replace("b.yaml", Self.policy)
    #expect(hidden(reader.read()) == [.service: ["c.yaml"]])
    directory.replace("b.yaml", "kind: [")
    #expect(hidden(reader.read()) == [.service: ["c.yaml"]])
  }

  @Test func aFileThatVanishesBeforeItWasUnderstoodIsStillNotKnown() {
    directory.write("p.yaml", Self.policy + "spec: [1]")
    var reader = ManifestReader([directory.path])
    #expect(hidden(reader.read()) == [.policy: ["p.yaml"]])
    directory.remove("p.yaml")
    let snapshot = reader.read()
    #expect(hidden(snapshot) == [.policy: ["p.yaml"]])
    #expect(snapshot.notes.map(\.message).contains { $0.contains("was never understood") })
    directory.write("p.yaml", Self.policy)
    #expect(hidden(reader.read()) == [:])
    directory.remove("p.yaml")
    #expect(hidden(reader.read()) == [:])
  }

  /// It may have anything while it is there. Without it, everything is as it was before it came.
  @Test func aFileThatComesLateIsForgottenWhenItGoes() {
    directory.write("a.yaml", serviceText("a", "10.0.0.1"))
    var reader = ManifestReader([directory.path])
    #expect(hidden(reader.read()) == [:])
    directory.write("b.yaml", "kind: [")
    var snapshot = reader.read()
    #expect(snapshot.errors.count == 1)
    #expect(Set(hidden(snapshot).keys) == everything)
    directory.replace("b.yaml", "kind: [[")
    #expect(Set(hidden(reader.read()).keys) == everything)
    directory.remove("b.yaml")
    snapshot = reader.read()
    #expect(hidden(snapshot) == [:])
    #expect(snapshot.notes.isEmpty && snapshot.errors.isEmpty)
  }

  @Test func aFileOfADirectoryThatComesLateMayHaveAnything() {
    var reader = ManifestReader(["\(directory.path)/later"])
    _ = reader.read()
    directory.makeDirectory("later")
    directory.write("later/b.yaml", "kind: [")
    #expect(Set(hidden(reader.read()).keys) == everything)
    // It was there when the directory was read first.
    directory.remove("later/b.yaml")
    #expect(Set(hidden(reader.read()).keys) == everything)
  }

  @Test func whatIsNotARegularFileIsCalledSo() {
    directory.link("z.yaml", to: "/dev/null")
    var reader = ManifestReader([directory.path])
    #expect(
      reader.read().errors.map(\.message)
        == ["this is not a regular file; remove it, or name the right file"])
  }

  @Test func aPathThatIsNotThereYetMayHaveAnything() {
    let path = "\(directory.path)/later"
    var reader = ManifestReader([path])
    #expect(Set(hidden(reader.read()).keys) == everything)
    directory.makeDirectory("later")
    #expect(hidden(reader.read()) == [:])
    directory.remove("later")
    let snapshot = reader.read()
    #expect(hidden(snapshot) == [:])
    #expect(snapshot.notes.map(\.message) == ["the file or directory is gone"])
  }

  @Test func aLinkThatLeadsNowhereIsAnError() {
    directory.link("p.yaml", to: "nowhere.yaml")
    var reader = ManifestReader([directory.path])
    var snapshot = reader.read()
    #expect(snapshot.errors.map(\.message) == ["it is a link that leads nowhere"])
    #expect(Set(hidden(snapshot).keys) == everything)
    directory.write("nowhere.yaml", Self.policy)
    snapshot = reader.read()
    #expect(snapshot.errors.isEmpty)
    #expect(hidden(snapshot) == [:])
  }

  /// Misspelt, our own kinds are errors: what they would have said counts.
  @Test(arguments: [
    (
      "kind: CiliumL2AnnouncementPolicy", "kind: CiliumL2AnnouncmentPolicy",
      ClusterObject.Kind.policy
    ),
    ("kind: CiliumL2AnnouncementPolicy", "kind: ciliuml2announcementpolicy", .policy),
    ("cilium.io/v2", "cilium.io/v3", .policy), ("cilium.io/v2", "cillium.io/v2", .policy),
    ("cilium.io/v2", "v2", .policy),
    (
      "apiVersion: cilium.io/v2\nkind: CiliumL2AnnouncementPolicy", "apiVersion: v1\nkind: Nodes",
      .node
    ),
    (
      "apiVersion: cilium.io/v2\nkind: CiliumL2AnnouncementPolicy", "apiVersion: v2\nkind: Node",
      .node
    ),
    ("{name: lan}", "{}", .policy), ("metadata:", "metadta:", .policy),
    ("{name: lan}", "{name: lan}\nspec: {serviceSelector: {matchLabels: [public]}}", .policy),
  ])
  func aSlipInOneOfOurKindsIsAnError(right: String, wrong: String, kind: ClusterObject.Kind) {
    let text = Self.policy.replacing(right, with: wrong)
    #expect(text != Self.policy)
    directory.write("p.yaml", text)
    var reader = ManifestReader([directory.path])
    let snapshot = reader.read()
    #expect(snapshot.errors.count == 1, "\(snapshot.errors)")
    #expect(hidden(snapshot) == [kind: ["p.yaml"]])
    #expect(snapshot.objects.isEmpty)
  }

  /// A word that the API server would refuse is not taken for the default.
  @Test(arguments: [
    "spec: {type: LoadBalancer, externalTrafficPolicy: local}",
    "spec: {type: loadbalancer}", "spec: {type: \"LoadBalancer \"}",
    "status: {loadBalancer: {ingress: [{ip: 10.0.0.1, ipMode: proxy}]}}",
  ])
  func aMisspeltWordIsAnError(text: String) {
    directory.write("s.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n\(text)\n")
    var reader = ManifestReader([directory.path])
    let snapshot = reader.read()
    #expect(snapshot.errors.count == 1 && snapshot.objects.isEmpty)
    #expect(snapshot.errors.first?.message.contains("did you mean") == true)
  }

  /// Another program's files are nobody's errors.
  @Test(arguments: [
    "resources: [a.yaml, b.yaml]\n", "image: {tag: 1.2.3}\nreplicas: 2\n",
    "- hosts: all\n  tasks: []\n",
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n",
  ])
  func filesOfOtherProgramsAreNotes(text: String) {
    directory.write("x.yaml", text)
    var reader = ManifestReader([directory.path])
    let snapshot = reader.read()
    #expect(snapshot.errors == [])
    #expect(snapshot.notes.count == 1)
    #expect(snapshot.unread == [:])
  }
}
