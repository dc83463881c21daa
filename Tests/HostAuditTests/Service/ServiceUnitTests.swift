import Foundation
import Testing

@testable import HostAudit

/// Whom a systemd service runs as, by its files.
@Suite struct ServiceUnitTests {
  private func unit(_ texts: String...) -> ServiceUnit {
    var unit = ServiceUnit()
    for text in texts { unit.read(text) }
    return unit
  }

  @Test func ourOwnUnitIsUnderstood() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../systemd/announcer.service")
    let unit = unit(try String(contentsOf: file, encoding: .utf8))
    #expect(unit.user == "announcerd" && unit.group == "announcer" && unit.isDynamic)
    #expect(unit.hidesHomes && unit.hasOwnTemporaryFiles && unit.isReadOnly)
    #expect(unit.made == ["/run/announcer"] && unit.writable == [])
    #expect(unit.configuration == "/etc/announcer/announcer.yaml")
  }

  @Test func theFileOfItsCommandIsKnown() {
    #expect(unit("[Service]\nExecStart=/a run --config=/x.yaml -v").configuration == "/x.yaml")
    #expect(unit("[Service]\nExecStart=/a run --config").configuration == nil)
    #expect(
      unit("[Service]\nExecStart=/a run --config /x", "[Service]\nExecStart=\nExecStart=/a run")
        .configuration == nil)
  }

  @Test func laterFilesChangeEarlierOnes() {
    let unit = unit(
      """
      [Unit]
      User=nobody
      [Service]
      ; a comment
      User = announcerd
      SupplementaryGroups=a b
      RuntimeDirectory=one two:three
      ReadWritePaths=/srv/x \\
        -/srv/y
      ProtectSystem=strict
      """,
      """
      [Service]
      SupplementaryGroups=
      SupplementaryGroups=c
      RuntimeDirectory=
      StateDirectory=four
      ProtectSystem=full
      """)
    #expect(unit.user == "announcerd" && unit.group == nil && !unit.isDynamic)
    #expect(unit.supplementaryGroups == ["c"])
    #expect(unit.made == ["/var/lib/four"] && unit.writable == ["/srv/x", "/srv/y"])
    #expect(!unit.isReadOnly && !unit.hidesHomes)
  }

  @Test func rootIsNoUser() {
    #expect(unit("[Service]\nUser=root").user == nil)
    #expect(unit("[Service]\nUser=a\nUser=").user == nil)
    #expect(ServiceIdentity(unit("[Service]\nUser=root")) == nil)
    #expect(ServiceIdentity(unit("[Service]\nUser=no-such-user-here")) == nil)
    #expect(
      ServiceIdentity(unit("[Service]\nDynamicUser=yes\nUser=x\nGroup=no-such-group-here")) == nil)
  }

  @Test func namesAreLookedUp() throws {
    let daemon = try #require(ServiceIdentity(unit("[Service]\nUser=nobody\nGroup=daemon")))
    #expect(daemon.user == "nobody" && daemon.userID == 65534)
    #expect(daemon.group == "daemon" && daemon.groupIDs.isSuperset(of: [1, 65534]))
    let dynamic = try #require(
      ServiceIdentity(
        unit("[Service]\nDynamicUser=yes\nUser=made-up\nGroup=daemon\nSupplementaryGroups=adm")))
    #expect(dynamic.userID == nil && dynamic.groupIDs == [1, 4])
  }

  @Test func theInstalledOneIsFound() throws {
    let root = FileManager.default.temporaryDirectory.path + "/announcer-units-\(UUID())"
    defer { try? FileManager.default.removeItem(atPath: root) }
    func write(_ text: String, _ path: String) throws {
      let file = URL(filePath: root + path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    let reader = ServiceUnitReader(root: root)
    #expect(reader.read() == nil)
    try write("[Service]\nUser=packaged", "/usr/lib/systemd/system/announcer.service")
    #expect(reader.read()?.user == "packaged")
    try write("[Service]\nUser=local", "/etc/systemd/system/announcer.service")
    #expect(reader.read()?.user == "local")
    let late = "/usr/lib/systemd/system/announcer.service.d/20-late.conf"
    try write("[Service]\nUser=late", late)
    try write("[Service]\nUser=early", "/etc/systemd/system/announcer.service.d/10-early.conf")
    try write("User=x", "/etc/systemd/system/announcer.service.d/90-other.txt")
    #expect(reader.read()?.user == "late")
    // One of the same name in /etc hides it, even if it says nothing.
    try write("", "/etc/systemd/system/announcer.service.d/20-late.conf")
    #expect(reader.read()?.user == "early")
    let masked = root + "/etc/systemd/system/announcer.service"
    try FileManager.default.removeItem(atPath: masked)
    try FileManager.default.createSymbolicLink(atPath: masked, withDestinationPath: "/dev/null")
    #expect(reader.read() == nil)
  }
}
