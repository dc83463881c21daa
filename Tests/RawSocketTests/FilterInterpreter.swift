import CPcap
import RawSocket
import Testing

/// Runs a filter in libpcap, which checks it first as the kernel does. Needs no privilege.
struct FilterInterpreter {
  private let instructions: [bpf_insn]

  init(_ program: [FilterInstruction]) {
    instructions = program.map { bpf_insn(code: $0.code, jt: $0.ifTrue, jf: $0.ifFalse, k: $0.k) }
    let isValid = unsafe instructions.withUnsafeBufferPointer {
      unsafe bpf_validate($0.baseAddress, Int32($0.count)) == 1
    }
    #expect(isValid, "the program has a jump or an opcode that is not allowed")
  }

  func passes(_ frame: [UInt8]) -> Bool {
    unsafe instructions.withUnsafeBufferPointer { instructions in
      unsafe frame.withUnsafeBufferPointer { frame in
        let length = UInt32(frame.count)
        return unsafe bpf_filter(instructions.baseAddress, frame.baseAddress, length, length) != 0
      }
    }
  }
}
