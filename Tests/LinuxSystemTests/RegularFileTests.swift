import CLinux
import Glibc
import LinuxSystem
import Testing

struct RegularFileTests {
  private func code(_ body: () throws(SystemError) -> [UInt8]) -> Int32? {
    do throws(SystemError) {
      _ = try body()
      return nil
    } catch {
      return error.code
    }
  }

  @Test func onlyRegularFilesWithinTheLimitAreRead() throws {
    var template = Array("/tmp/announcer-file-XXXXXX".utf8CString)
    let descriptor = Descriptor(owning: unsafe mkstemp(&template))
    let path = String(
      decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { _ = unsafe unlink(path) }
    let octets = [UInt8](repeating: 7, count: 100_000)
    _ = unsafe write(descriptor.rawValue, octets, octets.count)
    #expect(try contentOfRegularFile(path, atMost: 100_000) == octets)
    #expect(
      code { () throws(SystemError) in try contentOfRegularFile(path, atMost: 99_999) } == EFBIG)
    #expect(
      code { () throws(SystemError) in try contentOfRegularFile("/tmp", atMost: 1) } == EISDIR)
    #expect(
      code { () throws(SystemError) in try contentOfRegularFile("/dev/null", atMost: 1) } == EINVAL)
    let pipe = "\(path).pipe"
    _ = unsafe mkfifo(pipe, 0o600)
    defer { _ = unsafe unlink(pipe) }
    #expect(code { () throws(SystemError) in try contentOfRegularFile(pipe, atMost: 1) } == EINVAL)
    #expect(
      code { () throws(SystemError) in try contentOfRegularFile("\(path)/x", atMost: 1) } == ENOTDIR
    )
  }
}
