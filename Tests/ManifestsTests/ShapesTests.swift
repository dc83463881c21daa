import Cluster
import Testing

@testable import Manifests

/// Files of objects as people's tools really write them; we wrote each of them ourselves.
struct ShapesTests {
  @Test(arguments: Shapes.all) func isReadAsItWasMeant(_ shape: Shape) {
    let read = ManifestText(shape.octets, file: shape.file)
    #expect(read.objects.map { Shape.name(of: $0.object) } == shape.objects)
    let errors = read.errors.map(\.message)
    if let error = shape.error {
      let isTold = errors.contains { $0.contains(error) }
      #expect(isTold, "errors: \(errors)")
      let hasPlaces = read.errors.allSatisfy { $0.line != nil && $0.column != nil }
      #expect(hasPlaces, "errors: \(read.errors)")
      // The program did not understand something that may be an object of these kinds.
      #expect(!read.kinds.isEmpty)
      return
    }
    #expect(errors == [])
    #expect(read.kinds == Set(read.objects.map(\.object.kind)))
    let notes = read.notes.map(\.message)
    if let note = shape.note {
      let isNoted = notes.contains { $0.contains(note) }
      #expect(isNoted, "notes: \(notes)")
    } else {
      #expect(notes == [])
    }
  }

  /// The reader takes from a directory only files with certain endings.
  @Test(arguments: Shapes.all.filter { $0.file != Shape.usualFile })
  func isFoundInItsDirectory(_ shape: Shape) {
    let directory = TemporaryDirectory()
    directory.write(shape.file, String(decoding: shape.octets, as: UTF8.self))
    var reader = ManifestReader([directory.path])
    let objects = reader.read().objects.map { Shape.name(of: $0) }
    #expect(objects == shape.objects)
  }
}

/// A file as a tool writes it, and what is right to read in it.
struct Shape: Sendable, CustomTestStringConvertible {
  enum Tool: String, Sendable {
    case kubectl
    case kustomize
    case helm = "Helm"
    case flux = "Flux"
    case jq
    case ansible = "Ansible"
    case powerShell = "PowerShell and Windows"
    case editors
  }

  let tool: Tool
  let title: String
  let octets: [UInt8]
  /// The file's name, without a directory.
  let file: String
  /// Kind and name of each object that is read, in order.
  let objects: [String]
  /// A part of an error's message; nil where the program has none.
  let error: String?
  /// A part of a note's message; nil where the program has none. Beside an error, notes do not
  /// matter.
  let note: String?

  static let usualFile = "shape.yaml"

  var testDescription: String { "\(tool.rawValue): \(title)" }

  init(
    _ tool: Tool, _ title: String, _ text: String, as form: Form = .lines,
    file: String = Shape.usualFile, objects: [String] = [], error: String? = nil,
    note: String? = nil
  ) {
    self.tool = tool
    self.title = title
    octets = form.octets(of: text)
    self.file = file
    self.objects = objects
    self.error = error
    self.note = note
  }

  init(
    _ tool: Tool, _ title: String, octets: [UInt8], objects: [String] = [], error: String? = nil,
    note: String? = nil
  ) {
    self.tool = tool
    self.title = title
    self.octets = octets
    file = Shape.usualFile
    self.objects = objects
    self.error = error
    self.note = note
  }

  /// `Service/default/web`, and `Node/node-a` of a kind that lives in no namespace.
  static func name(of object: ClusterObject) -> String { "\(object.kind.rawValue)/\(object.name)" }
}

extension Shape {
  /// How a text lies in a file. It is written down without the end of its last line.
  enum Form: Sendable {
    /// As on Unix.
    case lines
    /// The last line has no end.
    case unfinished
    /// Each line ends with a carriage return and a line feed, here and in the following forms.
    case windows
    /// UTF-8 behind a byte order mark.
    case markedUTF8
    /// UTF-16 behind a byte order mark, the smaller octet of each unit first.
    case utf16Little
    /// The same, the larger octet first.
    case utf16Big

    func octets(of text: String) -> [UInt8] {
      let windowsText = (text + "\n").replacing("\n", with: "\r\n")
      switch self {
      case .lines: return Array((text + "\n").utf8)
      case .unfinished: return Array(text.utf8)
      case .windows: return Array(windowsText.utf8)
      case .markedUTF8: return Array("\u{feff}\(windowsText)".utf8)
      case .utf16Little:
        return "\u{feff}\(windowsText)".utf16.flatMap { unit -> [UInt8] in
          [UInt8(unit & 0xff), UInt8(unit >> 8)]
        }
      case .utf16Big:
        return "\u{feff}\(windowsText)".utf16.flatMap { unit -> [UInt8] in
          [UInt8(unit >> 8), UInt8(unit & 0xff)]
        }
      }
    }
  }
}

enum Shapes {
  static let all: [Shape] = Array(
    [kubectl, kustomize, helm, flux, jq, ansible, powerShell, editors].joined())
}
