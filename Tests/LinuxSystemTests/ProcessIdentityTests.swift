import LinuxSystem
import Testing

/// Who may not read a file, and what helps.
@Suite struct ProcessIdentityTests {
  @Test(arguments: [970, 61_184, 65_519] as [UInt32]) func aServiceIsGivenTheFile(_ id: UInt32) {
    let service = ProcessIdentity(userID: id, user: "announcerd", group: "announcer")
    #expect(
      service.remedy(toRead: "/etc/announcer/my key")
        == "user announcerd, group announcer, may not read it: "
        + "chgrp announcer '/etc/announcer/my key' && chmod 640 '/etc/announcer/my key'")
  }

  @Test(arguments: [0, 1000, 65_534] as [UInt32]) func aPersonIsGivenSudo(_ id: UInt32) {
    let person = ProcessIdentity(userID: id, user: "alice", group: "users")
    #expect(
      person.remedy(toRead: "/etc/x") == "user alice, group users, may not read it: run with sudo")
  }

  @Test func wordsOfAShell() {
    #expect(shellWord("/etc/a-b_c.pem") == "/etc/a-b_c.pem")
    #expect(shellWord("") == "''")
    #expect(shellWord("it's; rm") == "'it'\\''s; rm'")
  }
}
