//! Where a request comes from: the peer, or what trusted proxies say of it. Never a header of anybody else.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use axum::http::HeaderMap;

/// An address or a network, such as `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    base: u128,
    kept: u32,
}

impl FromStr for Network {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u32>().map_err(|_| ())?)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().map_err(|_| ())?;
        let (most, before) = if address.is_ipv4() { (32, 96) } else { (128, 0) };
        let length = length.unwrap_or(most);
        if length > most {
            return Err(());
        }
        let kept = before + length;
        Ok(Self { base: masked(bits(address), kept), kept })
    }
}

impl Network {
    /// Whether the address belongs to it.
    pub fn has(self, address: IpAddr) -> bool {
        masked(bits(address), self.kept) == self.base
    }
}

/// IPv4 counts as what is mapped into IPv6, so that `::ffff:10.0.0.1` is `10.0.0.1`.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

const fn masked(bits: u128, kept: u32) -> u128 {
    match u128::MAX.checked_shl(128 - kept) {
        Some(mask) => bits & mask,
        None => 0,
    }
}

/// The caller's address: the last one on the way that is no trusted proxy.
pub fn of_request(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.has(address));
    if !is_trusted(peer) {
        return plain(peer);
    }
    let said: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let mut nearest = peer;
    for word in said.into_iter().rev() {
        // Behind something unreadable nobody can be told apart: the proxy's own address counts.
        let Some(address) = read(word) else { break };
        nearest = address;
        if !is_trusted(address) {
            break;
        }
    }
    plain(nearest)
}

/// An address with or without port and brackets.
fn read(word: &str) -> Option<IpAddr> {
    let word = word.trim();
    word.parse::<IpAddr>()
        .or_else(|_| word.parse::<std::net::SocketAddr>().map(|address| address.ip()))
        .or_else(|_| word.trim_matches(['[', ']']).parse::<Ipv6Addr>().map(IpAddr::V6))
        .ok()
}

fn plain(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

/// For requests without a connection, as tests make them.
pub const NOWHERE: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn networks_hold_their_addresses() {
        let check = |network: &str, address: &str| network.parse::<Network>().unwrap().has(ip(address));
        assert!(check("10.0.0.0/8", "10.200.3.4") && !check("10.0.0.0/8", "11.0.0.1"));
        assert!(check("127.0.0.1", "::ffff:127.0.0.1") && !check("127.0.0.1", "127.0.0.2"));
        assert!(
            check("2001:db8::/32", "2001:db8::7") && check("0.0.0.0/0", "8.8.8.8") && check("::/0", "::1")
        );
        assert!(!check("0.0.0.0/0", "2001:db8::7"));
        for bad in ["", "10.0.0.0/33", "10.0.0", "::/129", "a/8", "10.0.0.0/-1"] {
            assert!(bad.parse::<Network>().is_err(), "{bad}");
        }
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let check = |peer: &str, said: &[&str]| {
            let headers = said.iter().map(|value| {
                (
                    axum::http::HeaderName::from_static("x-forwarded-for"),
                    HeaderValue::from_str(value).unwrap(),
                )
            });
            of_request(ip(peer), &headers.collect(), &trusted).to_string()
        };
        assert_eq!(check("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(check("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(check("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        // What the caller wrote himself stands at the left and is not reached.
        assert_eq!(check("10.0.0.1", &["1.2.3.4, 198.51.100.1, 10.0.0.2"]), "198.51.100.1");
        assert_eq!(check("10.0.0.1", &["1.2.3.4", "198.51.100.1"]), "198.51.100.1");
        assert_eq!(check("10.0.0.1", &["1.2.3.4, <script>"]), "10.0.0.1");
        assert_eq!(check("::ffff:10.0.0.1", &["[2001:db8::1]:443"]), "2001:db8::1");
    }
}
