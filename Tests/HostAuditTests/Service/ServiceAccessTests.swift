import Foundation
import Testing

@testable import HostAudit

/// What a service may read and write, judged by modes.
@Suite struct ServiceAccessTests {
  private static let ours: UInt32 = 970

  private func access(_ text: String = "", userID: UInt32? = nil) -> ServiceAccess {
    var unit = ServiceUnit()
    unit.read("[Service]\nUser=announcerd\nGroup=announcer\n\(text)")
    return ServiceAccess(
      unit: unit,
      identity: ServiceIdentity(
        user: "announcerd", userID: userID, group: "announcer", groupIDs: [Self.ours]))
  }

  private func directory(
    _ path: String, _ mode: UInt32 = 0o755, group: UInt32 = 0
  ) -> PathStep {
    PathStep(path: path, mode: mode, owner: 0, group: group, isDirectory: true)
  }

  private func file(
    _ path: String, _ mode: UInt32, owner: UInt32 = 0, group: UInt32 = 0
  ) -> PathStep {
    PathStep(path: path, mode: mode, owner: owner, group: group)
  }

  private func denial(
    _ steps: [PathStep], _ need: ServiceAccess.Need = .read, _ access: ServiceAccess? = nil
  ) -> String? {
    let way = [directory("/"), directory("/etc")] + steps
    switch (access ?? self.access()).judge(way, need, path: steps.last?.path ?? "/etc") {
    case .allowed: return nil
    case .denied(let text), .unknown(let text): return text
    }
  }

  private let who = "the service (user announcerd, group announcer) cannot"

  @Test func aFileOfRootsAlone() {
    #expect(
      denial([file("/etc/k.pem", 0o600)])
        == "\(who) read /etc/k.pem: chgrp announcer /etc/k.pem && chmod 640 /etc/k.pem")
    #expect(denial([file("/etc/k.pem", 0o644)]) == nil)
    #expect(denial([file("/etc/k.pem", 0o640, group: Self.ours)]) == nil)
    #expect(
      denial([file("/etc/k.pem", 0o604, group: Self.ours)])
        == "\(who) read /etc/k.pem: chmod 640 /etc/k.pem", "the group's bits decide for a member")
  }

  @Test func everyStepThatIsShutIsOpened() {
    #expect(
      denial([directory("/etc/a", 0o700), file("/etc/a/my key", 0o600)])
        == "\(who) reach /etc/a/my key, because of the directory /etc/a: chgrp announcer /etc/a && "
        + "chmod g+x /etc/a && chgrp announcer '/etc/a/my key' && chmod 640 '/etc/a/my key'")
    #expect(
      denial([directory("/etc/a", 0o750, group: Self.ours), file("/etc/a/k", 0o640, group: 970)])
        == nil)
    #expect(
      denial([directory("/etc/m", 0o711)])
        == "\(who) read /etc/m: chgrp announcer /etc/m && chmod g+rx /etc/m")
  }

  /// What other programs need is not taken from them.
  @Test func anotherGroupsFileKeepsItsGroup() {
    #expect(
      denial([directory("/etc/ssl", 0o710, group: 110), file("/etc/ssl/k", 0o640, group: 110)])
        == "\(who) reach /etc/ssl/k, because of the directory /etc/ssl: "
        + "setfacl -m g:announcer:x /etc/ssl && setfacl -m g:announcer:r /etc/ssl/k")
    let shut = [directory("/"), directory("/srv", 0o700), file("/srv/k", 0o644)]
    guard case .denied(let text) = access().judge(shut, .read, path: "/srv/k") else {
      Issue.record("/srv is shut")
      return
    }
    #expect(text.hasSuffix("setfacl -m g:announcer:x /srv"))
  }

  @Test func anOwnerIsJudgedByItsOwnBits() {
    let owner = access(userID: 500)
    #expect(denial([file("/etc/k", 0o400, owner: 500)], .read, owner) == nil)
    #expect(
      denial([file("/etc/k", 0o044, owner: 500)], .read, owner)
        == "\(who) read /etc/k: chmod u+r /etc/k")
    // A user that exists only while the service runs owns nothing, whatever its number is.
    #expect(denial([file("/etc/k", 0o400, owner: 500)]) != nil)
  }

  @Test func accessListsCount() {
    func list(_ entries: [AccessList.Subject: UInt32]) -> [PathStep] {
      var step = file("/etc/k", 0o640)
      step.accessList = .list(AccessList(entries))
      return [step]
    }
    let base: [AccessList.Subject: UInt32] = [.owner: 6, .owningGroup: 4, .other: 0]
    #expect(denial(list(base)) != nil)
    #expect(denial(list(base.merging([.group(970): 4, .mask: 4]) { $1 })) == nil)
    #expect(denial(list(base.merging([.group(970): 4, .mask: 0]) { $1 })) != nil, "the mask")
    var step = file("/etc/k", 0o640)
    step.accessList = .unreadable
    #expect(denial([step])?.contains("is not understood: see with `getfacl`") == true)
  }

  @Test func whatTheUnitHides() {
    func judge(_ path: String, _ text: String, _ need: ServiceAccess.Need = .read) -> String? {
      denial([file(path, 0o666)], need, access(text))
    }
    #expect(
      judge("/root/k", "ProtectHome=yes")
        == "the service does not see /root (ProtectHome=): move /root/k to a directory such as "
        + "/etc/announcer")
    #expect(judge("/home/x/k", "ProtectHome=read-only") == nil)
    #expect(judge("/tmp/k", "PrivateTmp=yes")?.contains("this /tmp (PrivateTmp=)") == true)
    #expect(judge("/rooted/k", "ProtectHome=yes") == nil)
  }

  @Test func wherePlacesMayBeMade() {
    func judge(_ path: String, _ mode: UInt32, _ text: String) -> String? {
      denial([directory(path, mode, group: Self.ours)], .write, access(text))
    }
    let strict = "RuntimeDirectory=announcer\nProtectSystem=strict\n"
    #expect(judge("/run/announcer", 0, strict) == nil, "systemd makes it")
    #expect(
      judge("/etc/x", 0o777, strict)
        == "the service may not write to /etc/x (ProtectSystem=strict): name a path below "
        + "/run/announcer")
    #expect(judge("/etc/x", 0o770, strict + "ReadWritePaths=/etc/x") == nil)
    #expect(
      judge("/etc/x", 0o750, "") == "\(who) write to /etc/x: chmod g+rwx /etc/x")
  }
}
