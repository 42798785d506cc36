//! The oldest protection of PDF (ISO 32000-1, 7.6.3, revision 3 with 128 bits): RC4 under a key that MD5 makes of a password.
//!
//! In: a password and permissions. Out: enciphered strings and streams, and the dictionary that tells how. Only for making documents
//! that tests and examples read back: it protects nothing. Tested below.

/// The pad of short passwords (algorithm 2, a).
const PAD: [u8; 32] = [
    0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e, 0x56, 0xff, 0xfa, 0x01, 0x08, 0x2e, 0x2e, 0x00,
    0xb6, 0xd0, 0x68, 0x3e, 0x80, 0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53, 0x69, 0x7a,
];
/// The identifier of every file made here, in hexadecimal.
pub(super) const ID: &str = "000102030405060708090a0b0c0d0e0f";

/// A key and what stands in the dictionary of it.
#[derive(Debug)]
pub(super) struct Cipher {
    key: Vec<u8>,
    owner: Vec<u8>,
    user: Vec<u8>,
    allowed: i32,
}

impl Cipher {
    /// For a password, empty for none, and permissions (table 22).
    pub(super) fn of(password: &[u8], allowed: i32) -> Self {
        let id: Vec<u8> = (0..16).collect();
        let owner = rounds(&repeated(md5(&padded(b"owner"))), padded(password));
        let mut start = padded(password);
        start.extend(&owner);
        start.extend(allowed.to_le_bytes());
        start.extend(&id);
        let key = repeated(md5(&start));
        let mut user = rounds(&key, md5(&[&PAD[..], &id].concat()).to_vec());
        user.resize(32, 0);
        Self { key, owner, user, allowed }
    }

    /// The encryption dictionary.
    pub(super) fn dictionary(&self) -> String {
        let (owner, user) = (hex(&self.owner), hex(&self.user));
        format!("<< /Filter /Standard /V 2 /R 3 /Length 128 /P {} /O <{owner}> /U <{user}> >>", self.allowed)
    }

    /// Octets of an object, enciphered (algorithm 1).
    pub(super) fn apply(&self, number: usize, data: &[u8]) -> Vec<u8> {
        let mut key = self.key.clone();
        key.extend(&(number as u32).to_le_bytes()[..3]);
        key.extend([0, 0]);
        rc4(&md5(&key), data)
    }

    /// An object whose literal strings, which have no parentheses inside, are enciphered.
    pub(super) fn strings(&self, number: usize, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('(') {
            let (inside, after) = after.split_once(')').unwrap_or((after, ""));
            out.push_str(&format!("{before}<{}>", hex(&self.apply(number, inside.as_bytes()))));
            rest = after;
        }
        out + rest
    }
}

fn padded(password: &[u8]) -> Vec<u8> {
    password.iter().chain(&PAD).copied().take(32).collect()
}

fn repeated(first: [u8; 16]) -> Vec<u8> {
    (0..50).fold(first, |digest, _| md5(&digest)).to_vec()
}

fn rounds(key: &[u8], data: Vec<u8>) -> Vec<u8> {
    (0..20).fold(data, |data, round: u8| rc4(&key.iter().map(|octet| octet ^ round).collect::<Vec<_>>(), &data))
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

fn rc4(key: &[u8], data: &[u8]) -> Vec<u8> {
    let mut box_: Vec<u8> = (0..=255).collect();
    let mut j = 0usize;
    for i in 0..256 {
        j = (j + usize::from(box_[i]) + usize::from(key[i % key.len()])) % 256;
        box_.swap(i, j);
    }
    let (mut i, mut j) = (0usize, 0usize);
    let mut next = || {
        i = (i + 1) % 256;
        j = (j + usize::from(box_[i])) % 256;
        box_.swap(i, j);
        box_[(usize::from(box_[i]) + usize::from(box_[j])) % 256]
    };
    data.iter().map(|octet| octet ^ next()).collect()
}

/// MD5 (RFC 1321).
fn md5(data: &[u8]) -> [u8; 16] {
    const TURNS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let mut message = data.to_vec();
    message.push(0x80);
    while message.len() % 64 != 56 {
        message.push(0);
    }
    message.extend((data.len() as u64 * 8).to_le_bytes());
    let mut state: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    for block in message.chunks_exact(64) {
        let word =
            |at: usize| u32::from_le_bytes([block[at * 4], block[at * 4 + 1], block[at * 4 + 2], block[at * 4 + 3]]);
        let [mut a, mut b, mut c, mut d] = state;
        for step in 0..64usize {
            let (mix, at) = match step / 16 {
                0 => ((b & c) | (!b & d), step),
                1 => ((d & b) | (!d & c), (5 * step + 1) % 16),
                2 => (b ^ c ^ d, (3 * step + 5) % 16),
                _ => (c ^ (b | !d), (7 * step) % 16),
            };
            // The table of RFC 1321, 3.4: the sines of whole numbers.
            let sine = (((step + 1) as f64).sin().abs() * 4_294_967_296.0) as u32;
            let sum = a.wrapping_add(mix).wrapping_add(sine).wrapping_add(word(at));
            (a, d, c) = (d, c, b);
            b = b.wrapping_add(sum.rotate_left(TURNS[step / 16][step % 4]));
        }
        for (held, new) in state.iter_mut().zip([a, b, c, d]) {
            *held = held.wrapping_add(new);
        }
    }
    let mut digest = [0; 16];
    digest.chunks_exact_mut(4).zip(state).for_each(|(out, word)| out.copy_from_slice(&word.to_le_bytes()));
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_and_ciphers_are_those_of_their_specifications() {
        for (data, digest) in [
            ("", "d41d8cd98f00b204e9800998ecf8427e"),
            ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
            (
                "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
                "57edf4a22be3c955ac49da2e2107b67a",
            ),
            ("1234567890123456789012345678901234567890123456789012345", "c9ccf168914a1bcfc3229f1948e67da0"),
        ] {
            assert_eq!(hex(&md5(data.as_bytes())), digest, "{data}");
        }
        assert_eq!(hex(&rc4(b"Key", b"Plaintext")), "bbf316e8d940af0ad3");
    }
}
