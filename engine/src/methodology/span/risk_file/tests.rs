use super::*;
use crate::methodology::find;

/// Two futures on one commodity that lose by the thirds of their scan range, and an option.
fn text(array: &str, spread: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<!-- made up -->\n<spanFile><fileFormat>4.00</fileFormat>\n\
         <pointInTime><date>20250808</date>\n<clearingOrg><ec>X</ec>\n\
         <ccDef><cc>OIL</cc><name>Oil &amp; gas</name><currency>USD</currency>\n\
         <somTiers><tier><rate><val>50</val></rate></tier></somTiers>\n\
         <intraTiers><tier><tn>1</tn><sPe>202508</sPe><ePe>202509</ePe></tier>\
         <tier><tn>2</tn><sPe>202510</sPe><ePe>202512</ePe></tier></intraTiers>\n{spread}</ccDef>\n\
         <futPf><pfCode>OIL</pfCode><cvf>100</cvf>\n\
         <fut><pe>20250828</pe><p>60</p><ra>{array}<d>1</d></ra></fut>\n\
         <fut><pe>202511</pe><p>62</p><ra>{array}<d>1</d></ra></fut></futPf>\n\
         <oofPf><pfCode>OIL</pfCode><cvf>100</cvf><series><pe>20250828</pe>\
         <opt><o>P</o><k>55</k><p>1.5</p><v>0.3</v><ra>{array}<d>-0.2</d></ra></opt></series></oofPf>\n\
         </clearingOrg></pointInTime></spanFile>"
    )
}

fn array() -> String {
    let losses = [0, 0, -100, -100, 100, 100, -200, -200, 200, 200, -300, -300, 300, 300, -210, 210];
    losses.iter().map(|loss| format!("<a>{loss}</a>")).collect()
}

const SPREAD: &str = "<dSpread><spread>1</spread><chargeMeth>F</chargeMeth><rate><val>40</val></rate>\
                      <tLeg><rs>A</rs><tn>1</tn><i>1</i></tLeg><tLeg><rs>B</rs><tn>2</tn><i>1</i></tLeg></dSpread>\n";

fn key(expiry: &str, option: Option<(Right, f64)>) -> ContractKey {
    ContractKey { commodity: "OIL".to_owned(), expiry: expiry.parse().expect("a day"), option }
}

#[test]
fn a_file_is_read_and_scanned() {
    let file = RiskFile::read(&text(&array(), SPREAD)).expect("well formed");
    let oil = file.commodity("OIL").expect("it is there");
    assert_eq!((oil.name.as_str(), oil.contracts.len(), oil.spreads.len()), ("Oil & gas", 3, 1));
    assert_eq!(oil.contracts[2].vol_annual, Some(0.3));
    // Long three near, short two far: one is left outright, and two spreads at 40.
    let held = [(key("2025-08-28", None), 3.0), (key("2025-11-01", None), -2.0)];
    let risks = file.scan(&held).expect("it has them");
    assert_eq!((risks[0].pot.worst_loss(), risks[0].risk(), risks[0].requirement()), (300.0, 380.0, 380.0));
    // Short two puts with the delta of a long one: the array's gain, 600, less nothing, plus their value of 300.
    let short = file.scan(&[(key("2025-08-28", Some((Right::Put, 55.0))), -2.0)]).expect("it has it");
    assert_eq!((short[0].short_option_minimum, short[0].risk(), short[0].requirement()), (100.0, 600.0, 900.0));
    let error = file.scan(&[(key("2025-08-29", None), 1.0)]).expect_err("no such day").to_string();
    assert!(error.contains("2025-08-29"), "{error}");
}

#[test]
fn its_parameters_are_edits_of_span() {
    let file = RiskFile::read(&text(&array(), SPREAD)).expect("well formed");
    let span = find("span").expect("registered");
    let current = span.configure(None).expect("a preset").configured().parameters.clone();
    let edits = file.parameters(&current).expect("known rules");
    let oil = &edits["underlyings"]["OIL"];
    // 300 of a contract worth 6,000; 50 for a short option; 40 for a spread.
    assert_eq!(
        (oil["price_scan_floor"].as_f64(), oil["short_option_minimum"].as_f64()),
        (Some(0.05), Some(50.0 / 6000.0))
    );
    assert_eq!(oil["calendar"]["0001"]["charge"].as_f64(), Some(40.0 / 6000.0));
    assert!(span.configure(Some(&edits)).expect("valid edits").configured().is_edited);
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    let good = array();
    let fifteen = good.replacen("<a>0</a>", "", 1);
    let unknown = SPREAD.replace("<chargeMeth>F", "<chargeMeth>W");
    for (bad, line, part) in [
        ("plain words".to_owned(), 1, "no XML"),
        (String::new(), 1, "no XML"),
        ("<html><body/></html>".to_owned(), 1, "no risk parameter file"),
        (text(&good, "")[..700].to_owned(), 0, "ends inside"),
        (text(&fifteen, ""), 11, "15 values"),
        (text(&good.replacen("<a>0</a>", "<a>NaN</a>", 1), ""), 11, "\"NaN\", which is no number"),
        (text(&good.replacen("<a>0</a>", "<a>1e999</a>", 1), ""), 11, "no number"),
        (text(&good, "").replace("20250828", "20250832"), 11, "no day"),
        (text(&good, "").replace("</name>", "</nome>"), 0, "no XML"),
        (text(&good, "").replace("&amp;", "&bomb;"), 6, "entity"),
        (format!("<!DOCTYPE x [<!ENTITY bomb \"b\">]>{}", text(&good, "")), 1, "document type"),
        ("<a>".repeat(100), 1, "too deeply"),
        (" ".repeat(10_000_000), 1, "10000000 bytes"),
        (text(&good, "").replace("<pfCode>OIL", "<pfCode>GAS"), 10, "GAS"),
        (text(&good, &SPREAD.replace("<tn>2</tn>", "<tn>3</tn>")), 9, "no tier 3"),
    ] {
        let error = RiskFile::read(&bad).expect_err(part);
        assert!(error.reason.contains(part) && (line == 0 || error.line == line), "{part}: {error}");
    }
    // Rules that are not known spoil their commodity only, and only when it is asked for.
    let file = RiskFile::read(&text(&good, &unknown)).expect("well formed");
    let error = file.scan(&[(key("2025-08-28", None), 1.0)]).expect_err("unknown").to_string();
    assert!(error.contains("line 9") && error.contains("\"W\""), "{error}");
}
