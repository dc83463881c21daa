import Lease
import LinuxSystem
import Metrics
import Testing
import Time
import Wire

@testable import Daemon

struct AddressHistoryTests {
  private let address = IPAddress("10.80.8.150")!
  private let other = IPAddress("10.80.8.151")!
  private let start = Instant.now

  private func held(_ addresses: IPAddress...) -> LeaseView {
    var view = LeaseView.initial
    for address in addresses {
      view.holders[address] = Holder(node: "b", session: SessionID("7f3a"), epoch: Epoch(1))
    }
    return view
  }

  @Test func aTakeoverIsMeasuredFromTheMomentWhenTheAddressIsFree() {
    var history = AddressHistory()
    history.noteHolders(
      from: held(address, other), to: held(), isCandidate: { $0 == address }, at: start)
    history.noteArmed([address, other], lost: [], at: start + .milliseconds(20))
    // The other was no candidate: its time says nothing of this node.
    #expect(history.takeoverTimes.count == 1)
    #expect(abs(history.takeoverTimes.sum - 0.02) < 0.000_001)
    history.noteArmed([], lost: [address], at: start)
    history.noteArmed([address], lost: [], at: start + .seconds(5))
    #expect(history.takeoverTimes.count == 1)
  }

  @Test func whatAThirdNodeTookIsNoTakeover() {
    var history = AddressHistory()
    history.noteHolders(from: held(address), to: held(), isCandidate: { $0 == address }, at: start)
    history.noteHolders(from: held(), to: held(address), isCandidate: { $0 == address }, at: start)
    history.noteArmed([address], lost: [], at: start + .seconds(1))
    #expect(history.takeoverTimes.count == 0)
  }

  @Test func dutiesAreNoAddresses() {
    var history = AddressHistory()
    let claim = Duty.addressPools.claim
    history.noteHolders(from: held(claim), to: held(), isCandidate: { $0 == claim }, at: start)
    history.noteArmed([claim], lost: [], at: start)
    #expect(history.takeoverTimes.count == 0)
  }

  @Test func sinceWhenItIsArmedEndsWithTheLoss() {
    var history = AddressHistory()
    history.noteArmed([address, other], lost: [], at: start)
    history.noteArmed([], lost: [address], at: start)
    #expect(!history.isArmed(address) && history.armedSince[other] != nil)
  }

  @Test func conflictsAreCountedForAsLongAsTheAddressIsWanted() {
    var history = AddressHistory()
    history.noteConflict(about: address, count: 2)
    history.noteConflict(about: address, count: 3)
    history.noteConflict(about: other, count: 1)
    history.keep { $0 == address }
    #expect(history.conflictCounts == [address: 5])
  }
}
