//! The colours of states are told apart by those who see colours otherwise, and a state is told by
//! more than its colour.
//!
//! How others see is simulated by the matrices of Machado, Oliveira and Fernandes (A
//! Physiologically-based Model for Simulation of Color Vision Deficiency, IEEE Transactions on
//! Visualization and Computer Graphics 15(6), 2009) at full severity, in linear sRGB. How far two
//! colours are apart is CIEDE2000 (Sharma, Wu and Dalal, Color Research and Application 30(1), 2005).

use std::collections::BTreeSet;

use jobrun_viewer::api::job_run::State;
use jobrun_viewer::model::explain::icon::Icon;
use jobrun_viewer::model::explain::{state_class, state_label};

type Three = [f64; 3];

const EYES: [(&str, [Three; 3]); 4] = [
    (
        "most people",
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    ),
    (
        "protanopia",
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
    ),
    (
        "deuteranopia",
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
    ),
    (
        "tritanopia",
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ],
    ),
];

/// Side by side, a difference of 2.3 is just noticed; this one is seen across a timeline.
const APART: f64 = 6.0;

const STATES: [State; 6] = [
    State::Unspecified,
    State::InProgress,
    State::Succeeded,
    State::Failed,
    State::Terminating,
    State::Terminated,
];

const TOKENS: &str = include_str!("../style/tokens.css");

/// The colours of a token, light and dark.
fn token(name: &str) -> [Three; 2] {
    let start = format!("--{name}: light-dark(");
    let pair = TOKENS
        .split(&start)
        .nth(1)
        .and_then(|rest| rest.split(')').next());
    let (light, dark) = pair
        .and_then(|pair| pair.split_once(", "))
        .unwrap_or_else(|| panic!("no {name}"));
    [light, dark].map(|hex| {
        let part = |at: usize| {
            u8::from_str_radix(&hex[at..at + 2], 16).unwrap_or_else(|_| panic!("{hex}"))
        };
        [1, 3, 5].map(|at| match f64::from(part(at)) / 255.0 {
            low if low <= 0.04045 => low / 12.92,
            high => ((high + 0.055) / 1.055).powf(2.4),
        })
    })
}

/// What a state's class makes of a property, as the name of a token.
fn token_of(state: &State, property: &str) -> String {
    let rule = TOKENS
        .split(&format!(".{} {{", state_class(state)))
        .nth(1)
        .expect("a rule for every state");
    let value = rule
        .split(&format!("--{property}: var(--"))
        .nth(1)
        .and_then(|rest| rest.split(')').next());
    value.expect("a rule has both").to_owned()
}

fn times(matrix: &[Three; 3], vector: Three) -> Three {
    matrix.map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum())
}

/// CIE L*a*b* of linear sRGB, under D65.
fn lab(rgb: Three) -> Three {
    let to_xyz = [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ];
    let [x, y, z] = times(&to_xyz, rgb.map(|part| part.clamp(0.0, 1.0)));
    let [x, y, z] = [x / 0.95047, y, z / 1.08883].map(|t: f64| match t > 216.0 / 24_389.0 {
        true => t.cbrt(),
        false => (24_389.0 / 27.0 * t + 16.0) / 116.0,
    });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// CIEDE2000, with the names of the paper's equations.
fn difference([l1, a1, b1]: Three, [l2, a2, b2]: Three) -> f64 {
    let seventh = |c: f64| (c.powi(7) / (c.powi(7) + 25_f64.powi(7))).sqrt();
    let g = 0.5 * (1.0 - seventh((a1.hypot(b1) + a2.hypot(b2)) / 2.0));
    let (a1, a2) = (a1 * (1.0 + g), a2 * (1.0 + g));
    let (c1, c2) = (a1.hypot(b1), a2.hypot(b2));
    let hue = |a: f64, b: f64| b.atan2(a).to_degrees().rem_euclid(360.0);
    let (h1, h2) = (hue(a1, b1), hue(a2, b2));
    let is_gray = c1 * c2 == 0.0;
    let dh = if is_gray {
        0.0
    } else {
        (h2 - h1 + 180.0).rem_euclid(360.0) - 180.0
    };
    let mean_h = if is_gray { h1 + h2 } else { h1 + dh / 2.0 };
    let (l, c) = ((l1 + l2) / 2.0, (c1 + c2) / 2.0);
    let cos = |degrees: f64| degrees.to_radians().cos();
    let t =
        1.0 - 0.17 * cos(mean_h - 30.0) + 0.24 * cos(2.0 * mean_h) + 0.32 * cos(3.0 * mean_h + 6.0)
            - 0.2 * cos(4.0 * mean_h - 63.0);
    let from_blue = (mean_h.rem_euclid(360.0) - 275.0) / 25.0;
    let rt = -2.0 * seventh(c) * (60.0 * (-from_blue.powi(2)).exp()).to_radians().sin();
    let dl = (l2 - l1) / (1.0 + 0.015 * (l - 50.0).powi(2) / (20.0 + (l - 50.0).powi(2)).sqrt());
    let dc = (c2 - c1) / (1.0 + 0.045 * c);
    let dh = 2.0 * (c1 * c2).sqrt() * (dh / 2.0).to_radians().sin() / (1.0 + 0.015 * c * t);
    (dl * dl + dc * dc + dh * dh + rt * dc * dh).sqrt()
}

#[test]
fn differences_are_those_of_the_paper() {
    let pairs = [
        ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
        ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
        ([50.0, -0.001, 2.49], [50.0, 0.0011, -2.49], 4.7461),
        (
            [60.2574, -34.0099, 36.2677],
            [60.4626, -34.1751, 39.4387],
            1.2644,
        ),
        ([2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082),
    ];
    for (a, b, expected) in pairs {
        assert!(
            (difference(a, b) - expected).abs() < 0.0001,
            "{a:?} {b:?}: {}",
            difference(a, b)
        );
    }
}

#[test]
fn every_two_states_are_told_apart_by_every_eye() {
    let mut too_near = Vec::new();
    for property in ["state", "state-fill"] {
        let colours = STATES
            .each_ref()
            .map(|state| token(&token_of(state, property)));
        for (eye, matrix) in &EYES {
            for (look, light_or_dark) in ["light", "dark"].iter().enumerate() {
                let seen = colours.map(|colour| lab(times(matrix, colour[look])));
                for (a, state) in STATES.iter().enumerate() {
                    for b in 0..a {
                        let apart = difference(seen[a], seen[b]);
                        if apart < APART {
                            let (one, other) = (state_label(state), state_label(&STATES[b]));
                            too_near.push(format!(
                                "{one} and {other} as {property}, {light_or_dark}, to {eye}: {apart:.1}"
                            ));
                        }
                    }
                }
            }
        }
    }
    assert!(too_near.is_empty(), "{}", too_near.join("\n"));
}

#[test]
fn no_state_is_told_by_colour_alone() {
    let icons: BTreeSet<&str> = STATES.iter().map(|state| Icon::of(state).path()).collect();
    let names: BTreeSet<&str> = STATES.iter().map(state_label).collect();
    let classes: BTreeSet<&str> = STATES.iter().map(state_class).collect();
    assert_eq!([icons.len(), names.len(), classes.len()], [STATES.len(); 3]);
}
