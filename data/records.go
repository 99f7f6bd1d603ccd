package data

import (
	"fmt"
	"strconv"
	"strings"
)

// Institution is a research institution of China in the Research Organization Registry (CC0).
type Institution struct {
	ROR         string // the nine characters after https://ror.org/
	NameZH      string // empty for 287 of them
	NameEN      string
	Acronym     string
	Types       string // education, facility, company, … joined by "|", as given
	Region      string // six digits, see RegionBy; empty where the place is not certain
	RegionBy    string // how Region was found: "city", "county", "province" or empty
	City        string // as given
	Admin       string // province as given, often empty
	Lat, Lng    string // decimal degrees as given
	Website     string
	Established string // year
	Status      string // active, inactive, withdrawn
	Delta       bool   // in the Yangtze River Delta (Shanghai, Jiangsu, Zhejiang, Anhui)
}

// InstitutionColumns is the heading of institutions.csv.gz.
func InstitutionColumns() []string {
	return []string{"ror", "name_zh", "name_en", "acronym", "types", "region", "region_by", "city", "admin1", "lat", "lng", "website", "established", "status", "delta"}
}

// Institutions are all 2,263 institutions, in the order of their ROR id.
func Institutions() ([]Institution, error) {
	return read("institutions", InstitutionColumns(), func(c []string) (Institution, error) {
		delta, err := strconv.ParseBool(c[14])
		return Institution{c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9], c[10], c[11], c[12], c[13], delta}, err
	})
}

// Award is a project of the National Natural Science Foundation as publicly awarded; most are in the
// management sciences. Its leader is a public record, not a person with an account.
type Award struct {
	Number      string // 项目批准号
	Class       string // 项目类别
	Title       string
	Institution string // 依托单位, as given
	Leader      string // 负责人
	Amount      int64  // fen (the source gives 万元)
	From, To    string // YYYY-MM
	Grade       string // 总评: how the finished project was judged
	ROR         string // of Institution, where exactly one has this Chinese name; else empty
}

// AwardColumns is the heading of awards.csv.gz.
func AwardColumns() []string {
	return []string{"number", "class", "title", "institution", "leader", "amount_fen", "from", "to", "grade", "ror"}
}

// Awards are all 17,926 awards by number.
func Awards() ([]Award, error) {
	return read("awards", AwardColumns(), func(c []string) (Award, error) {
		fen, err := strconv.ParseInt(c[5], 10, 64)
		return Award{c[0], c[1], c[2], c[3], c[4], fen, c[6], c[7], c[8], c[9]}, err
	})
}

// The flags of a Call: what is wrong with its row in the source.
const (
	FlagPublished = "bad-published" // the day of publication is missing or not written YYYY-MM-DD
	FlagDeadline  = "bad-deadline"  // the deadline is missing or not written YYYY-MM-DD
	FlagBackwards = "closes-first"  // it closes before it was published
	FlagCut       = "cut-title"     // the source cut the title and put "..." at its end
)

// Call is a real call for proposals as found in September 2017. Nothing is mended: see Flags.
type Call struct {
	Serial    int    // its number in the source; 1–1700 stand there twice, word for word
	Title     string // without the source's mark [申报中]
	Source    string // who calls
	Published string // as given
	Deadline  string // as given
	Flags     []string
}

// CallColumns is the heading of calls.csv.gz.
func CallColumns() []string {
	return []string{"serial", "title", "source", "published", "deadline", "flags"}
}

// Calls are all 15,510 calls in the order of the source, newest first.
func Calls() ([]Call, error) {
	return read("calls", CallColumns(), func(c []string) (Call, error) {
		serial, err := strconv.Atoi(c[0])
		if err != nil {
			return Call{}, fmt.Errorf("serial: %w", err)
		}
		return Call{serial, c[1], c[2], c[3], c[4], strings.Fields(c[5])}, nil
	})
}
