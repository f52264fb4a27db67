/// A place in a document that is being written, filled through the containers that hold it.
final class JSONSlot {
    private enum Content {
        case nothing
        case plain(JSONValue)
        case array([JSONSlot])
        case object([String: JSONSlot])
    }

    private var content = Content.nothing

    /// What stands here; an empty object if nothing does.
    var value: JSONValue {
        switch content {
        case .nothing: .object([])
        case .plain(let value): value
        case .array(let slots): .array(slots.map(\.value))
        case .object(let slots):
            .object(slots.sorted { $0.key < $1.key }.map { JSONMember($0.key, $0.value.value) })
        }
    }

    /// The number of elements.
    var count: Int { if case .array(let slots) = content { slots.count } else { 0 } }

    func set(_ value: JSONValue) { content = .plain(value) }

    func becomeArray() { if case .array = content {} else { content = .array([]) } }

    func becomeObject() { if case .object = content {} else { content = .object([:]) } }

    /// A new place at the end of the array here.
    func append() -> JSONSlot {
        let slot = JSONSlot()
        guard case .array(var slots) = content else { return slot }
        content = .nothing
        slots.append(slot)
        content = .array(slots)
        return slot
    }

    /// The place of a member of the object here, a new one if there is none.
    func member(_ name: String) -> JSONSlot {
        guard case .object(var slots) = content else { return JSONSlot() }
        if let slot = slots[name] { return slot }
        let slot = JSONSlot()
        content = .nothing
        slots[name] = slot
        content = .object(slots)
        return slot
    }
}

/// Encodes one value into its place.
struct JSONValueEncoder: Encoder {
    let slot: JSONSlot
    let codingPath: [any CodingKey]
    let numbers: JSONNonFinite
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(into slot: JSONSlot = JSONSlot(), at path: [any CodingKey], _ numbers: JSONNonFinite) {
        (self.slot, codingPath, self.numbers) = (slot, path, numbers)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        slot.becomeObject()
        return KeyedEncodingContainer(JSONKeyedEncoding<Key>(self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        slot.becomeArray()
        return JSONUnkeyedEncoding(self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    /// The encoder of the member of this name.
    func member(_ key: any CodingKey) -> JSONValueEncoder {
        JSONValueEncoder(into: slot.member(key.stringValue), at: codingPath + [key], numbers)
    }

    /// The encoder of a new last element.
    func element() -> JSONValueEncoder {
        let key = JSONKey(index: slot.count)
        return JSONValueEncoder(into: slot.append(), at: codingPath + [key], numbers)
    }
}

extension JSONValueEncoder: SingleValueEncodingContainer {
    func encodeNil() { slot.set(.null) }
    func encode(_ value: Bool) { slot.set(.bool(value)) }
    func encode(_ value: String) { slot.set(.string(value)) }
    func encode(_ value: Double) throws { try set(value, JSONNumber(value)) }
    func encode(_ value: Float) throws { try set(value, JSONNumber(value)) }
    func encode(_ value: Int) { set(value) }
    func encode(_ value: Int8) { set(value) }
    func encode(_ value: Int16) { set(value) }
    func encode(_ value: Int32) { set(value) }
    func encode(_ value: Int64) { set(value) }
    func encode(_ value: UInt) { set(value) }
    func encode(_ value: UInt8) { set(value) }
    func encode(_ value: UInt16) { set(value) }
    func encode(_ value: UInt32) { set(value) }
    func encode(_ value: UInt64) { set(value) }
    func encode<Value: Encodable>(_ value: Value) throws { try value.encode(to: self) }

    private func set(_ value: some FixedWidthInteger) { slot.set(.number(JSONNumber(value))) }

    private func set(_ value: some BinaryFloatingPoint, _ number: JSONNumber) throws(JSONError) {
        if value.isFinite {
            slot.set(.number(number))
        } else if let name = numbers.name(of: value) {
            slot.set(.string(name))
        } else {
            throw .unfit(at: place(codingPath), expected: "a finite number", found: "\(value)")
        }
    }
}

/// The members of an object being written.
private struct JSONKeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    private let encoder: JSONValueEncoder

    init(_ encoder: JSONValueEncoder) { self.encoder = encoder }

    var codingPath: [any CodingKey] { encoder.codingPath }

    func encodeNil(forKey key: Key) { encoder.member(key).encodeNil() }
    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { try value.encode(to: encoder.member(key)) }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type, forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        encoder.member(key).container(keyedBy: keyType)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        encoder.member(key).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { encoder.member(JSONKey.superclass) }
    func superEncoder(forKey key: Key) -> any Encoder { encoder.member(key) }
}

/// The elements of an array being written.
private struct JSONUnkeyedEncoding: UnkeyedEncodingContainer {
    private let encoder: JSONValueEncoder

    init(_ encoder: JSONValueEncoder) { self.encoder = encoder }

    var codingPath: [any CodingKey] { encoder.codingPath }
    var count: Int { encoder.slot.count }

    func encodeNil() { encoder.element().encodeNil() }
    func encode<Value: Encodable>(_ value: Value) throws { try value.encode(to: encoder.element()) }

    func nestedContainer<Key: CodingKey>(keyedBy keyType: Key.Type) -> KeyedEncodingContainer<Key> {
        encoder.element().container(keyedBy: keyType)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder.element().unkeyedContainer() }
    func superEncoder() -> any Encoder { encoder.element() }
}
