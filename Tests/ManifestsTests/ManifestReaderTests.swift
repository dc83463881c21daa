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
