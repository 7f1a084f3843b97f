//! The record format: what is read is written back; what is no record is told with file, line and reason.

use framewright::records::{Body, Record, parse, read};

const SINGLE: &str =
    r#"{"method":"f","target":"t","runtime":"1","code":"90c3","parts":[{"begin":0,"end":2,"unwind":"01"}]}"#;

fn pair() -> String {
    let code = r#"{"code":"c3","parts":[{"begin":0,"end":1,"unwind":""}]}"#;
    let info = concat!(
        r#"{"callee_saves":["a"],"total_frame_size":8,"locals":[{"offset":-8,"exposed":true}],"#,
        r#""generic_context":null,"kept_alive_this":-16,"security_cookie":null,"monitor_acquired":null}"#,
    );
    format!(
        r#"{{"method":"f","target":"t","transition":"u","il_offset":null,"patchpoint_info":{info},"tier0":{code},"osr":{code}}}"#
    )
}

#[test]
fn what_is_read_is_written_back() {
    for line in [SINGLE, &pair()] {
        let record = parse("f", 1, line.as_bytes()).expect("a record");
        let again: serde_json::Value = serde_json::from_str(&record.to_line()).expect("JSON");
        assert_eq!(again, serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    }
}

#[test]
fn bad_lines_are_told_of_and_the_rest_is_read() {
    let file = format!("{SINGLE}\n\n{{\n{}\n{SINGLE}", SINGLE.replace("90c3", "90c"));
    let results: Vec<Result<Record, _>> = read("x.jsonl", file.as_bytes()).collect();
    let told: Vec<String> =
        results.iter().filter_map(|r| r.as_ref().err().map(ToString::to_string)).collect();
    let expected = [
        "x.jsonl:3: not JSON: EOF while parsing an object at column 1",
        "x.jsonl:4: 3 hexadecimal digits are no whole bytes",
    ];
    assert_eq!(told, expected);
    assert_eq!(results.iter().filter(|r| r.is_ok()).count(), 2);
}

#[test]
fn what_is_no_record_says_why() {
    let pair = pair();
    let without = |from: &str, field: &str| from.replace(&format!(r#""{field}":"#), r#""other":"#);
    let cases = [
        (without(SINGLE, "method"), "missing field `method`"),
        (without(SINGLE, "target"), "missing field `target`"),
        (without(SINGLE, "parts"), "missing field `parts`"),
        (
            without(SINGLE, "code"),
            "no code: wanted are `code` and `parts`, or `tier0`, `osr` and `patchpoint_info`",
        ),
        (without(&pair, "osr"), "`tier0` without `osr`"),
        (without(&pair, "tier0"), "`osr` without `tier0`"),
        (without(&pair, "patchpoint_info"), "missing field `patchpoint_info`"),
        (SINGLE.replace("90c3", "90g3"), "character 2 of the bytes is no hexadecimal digit"),
        (SINGLE.replace("\"end\":2", "\"end\":3"), "the method has a part from 0 to 3 in 2 bytes of code"),
        (SINGLE.replace("\"end\":2", "\"end\":0"), "the method has a part from 0 to 0 in 2 bytes of code"),
        (SINGLE.replacen('{', r#"{"format":2,"#, 1), "format 2 is not known; this program reads format 1"),
        (SINGLE.replace(r#"[{"begin":0,"end":2,"unwind":"01"}]"#, "[]"), "the method has no parts"),
        (
            SINGLE.replace(r#""unwind":"01"}"#, r#""unwind":"01"},{"begin":1,"end":2,"unwind":""}"#),
            "the method has parts that overlap at 1",
        ),
    ];
    for (line, expected) in cases {
        let told = parse("f", 7, line.as_bytes()).expect_err("no record");
        assert_eq!(told.to_string(), format!("f:7: {expected}"), "{line}");
    }
}

#[test]
fn a_pair_says_what_it_is() {
    let record = parse("f", 1, pair().as_bytes()).expect("a record");
    let Body::Pair(pair) = record.body else { panic!("not a pair") };
    assert_eq!((pair.il_offset, pair.patchpoint_info.kept_alive_this), (None, Some(-16)));
    assert_eq!(record.transition.as_deref(), Some("u"));
}
