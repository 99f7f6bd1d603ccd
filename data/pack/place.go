package main

import (
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// point is a place on the globe in degrees.
type point struct{ lat, lng float64 }

func pointOf(lat, lng string) (point, bool) {
	y, err1 := strconv.ParseFloat(lat, 64)
	x, err2 := strconv.ParseFloat(lng, 64)
	return point{y, x}, err1 == nil && err2 == nil
}

// km is the distance between two places, good to half a per cent.
func km(a, b point) float64 {
	const degree = 111.2
	dy := (a.lat - b.lat) * degree
	dx := (a.lng - b.lng) * degree * math.Cos((a.lat+b.lat)/2*math.Pi/180)
	return math.Hypot(dx, dy)
}

// spelled is a Chinese place name in Latin letters, without tones, spaces and its kind (市, 县 …).
func spelled(zh string) string {
	if s, ok := readings()[zh]; ok {
		return key(s)
	}
	return strings.ToLower(strings.Join(syllables(bare(zh)), ""))
}

// syllables reads a place name; 都 is a capital in it (Chengdu), never "all".
func syllables(zh string) []string {
	out := pinyin.LazyPinyin(zh, pinyin.NewArgs())
	for i, r := range []rune(zh) {
		if r == '都' && i < len(out) {
			out[i] = "du"
		}
	}
	return out
}

// bare is a place name without its kind: 嘉兴 of 嘉兴市; a name of two characters keeps it (沙县).
func bare(zh string) string {
	for _, kind := range []string{"特别行政区", "土家族苗族自治州", "朝鲜族自治州", "自治州", "地区", "新区", "林区", "盟", "市", "区", "县", "省"} {
		if s, ok := strings.CutSuffix(zh, kind); ok && len([]rune(s)) > 1 {
			return s
		}
	}
	return zh
}

// key folds a Latin place name for comparing: Ürümqi → urumqi, Lin’an Shi → linan.
func key(s string) string {
	for _, kind := range []string{" Shi", " City", " Qu", " District", "shi City"} {
		s = strings.TrimSuffix(s, kind)
	}
	fold := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	if t, _, err := transform.String(fold, s); err == nil {
		s = t
	}
	return strings.Map(func(r rune) rune {
		if r = unicode.ToLower(r); r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, s)
}

// english is the English name of a division: Jiaxing, Nanhu District, Xin'anjiang.
func english(zh string) string {
	if s, ok := readings()[zh]; ok {
		return s
	}
	var b strings.Builder
	name := bare(zh)
	if kindEN(zh) != "" { // 沙县 is Sha County, though its name is never 沙 alone
		name = strings.TrimSuffix(strings.TrimSuffix(name, "县"), "区")
	}
	for i, syllable := range syllables(name) {
		if i > 0 && strings.ContainsRune("aeo", rune(syllable[0])) {
			b.WriteByte('\'')
		}
		b.WriteString(syllable)
	}
	s := b.String()
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// kindEN is the English word for a county's kind.
func kindEN(zh string) string {
	switch {
	case strings.HasSuffix(zh, "区"):
		return " District"
	case strings.HasSuffix(zh, "县"):
		return " County"
	}
	return ""
}

// readings are names whose English is not the plain reading of their characters.
func readings() map[string]string {
	return map[string]string{
		"内蒙古自治区": "Inner Mongolia", "广西壮族自治区": "Guangxi", "西藏自治区": "Tibet", "宁夏回族自治区": "Ningxia",
		"新疆维吾尔自治区": "Xinjiang", "陕西省": "Shaanxi", "山西省": "Shanxi", "台湾省": "Taiwan", "香港特别行政区": "Hong Kong", "澳门特别行政区": "Macao",
		"黑龙江省": "Heilongjiang", "重庆市": "Chongqing", "厦门市": "Xiamen", "六安市": "Lu'an", "蚌埠市": "Bengbu", "亳州市": "Bozhou",
		"哈尔滨市": "Harbin", "齐齐哈尔市": "Qiqihar", "呼和浩特市": "Hohhot", "鄂尔多斯市": "Ordos", "呼伦贝尔市": "Hulunbuir", "巴彦淖尔市": "Bayannur",
		"乌兰察布市": "Ulanqab", "锡林郭勒盟": "Xilingol", "阿拉善盟": "Alxa", "兴安盟": "Hinggan", "乌鲁木齐市": "Ürümqi", "克拉玛依市": "Karamay", "吐鲁番市": "Turpan", "哈密市": "Hami",
		"喀什地区": "Kashgar", "阿克苏地区": "Aksu", "和田地区": "Hotan", "阿勒泰地区": "Altay", "塔城地区": "Tacheng", "巴音郭楞蒙古自治州": "Bayingolin", "昌吉回族自治州": "Changji",
		"博尔塔拉蒙古自治州": "Bortala", "克孜勒苏柯尔克孜自治州": "Kizilsu", "伊犁哈萨克自治州": "Ili", "拉萨市": "Lhasa", "日喀则市": "Xigazê", "山南市": "Lhoka", "林芝市": "Nyingchi", "昌都市": "Qamdo",
		"那曲市": "Nagqu", "阿里地区": "Ngari", "延边朝鲜族自治州": "Yanbian", "恩施土家族苗族自治州": "Enshi", "湘西土家族苗族自治州": "Xiangxi", "黔东南苗族侗族自治州": "Qiandongnan",
		"黔南布依族苗族自治州": "Qiannan", "黔西南布依族苗族自治州": "Qianxinan", "凉山彝族自治州": "Liangshan", "甘孜藏族自治州": "Garzê", "阿坝藏族羌族自治州": "Ngawa", "大理白族自治州": "Dali",
		"德宏傣族景颇族自治州": "Dehong", "迪庆藏族自治州": "Dêqên", "怒江傈僳族自治州": "Nujiang", "西双版纳傣族自治州": "Xishuangbanna", "文山壮族苗族自治州": "Wenshan", "红河哈尼族彝族自治州": "Honghe",
		"楚雄彝族自治州": "Chuxiong", "临夏回族自治州": "Linxia", "甘南藏族自治州": "Gannan", "海北藏族自治州": "Haibei", "海南藏族自治州": "Hainan Prefecture", "海西蒙古族藏族自治州": "Haixi", "果洛藏族自治州": "Golog",
		"玉树藏族自治州": "Yushu", "黄南藏族自治州": "Huangnan", "大理市": "Dali", "乐清市": "Yueqing", "乐山市": "Leshan", "六合区": "Luhe District", "鄱阳县": "Poyang", "歙县": "She County", "黟县": "Yi County", "泾县": "Jing County",
		"枞阳县": "Zongyang County", "盱眙县": "Xuyi County", "嵊州市": "Shengzhou", "嵊泗县": "Shengsi County", "鄞州区": "Yinzhou District", "衢州市": "Quzhou", "濉溪县": "Suixi County", "涡阳县": "Guoyang County",
		"砀山县": "Dangshan County", "埇桥区": "Yongqiao District", "睢宁县": "Suining County", "邳州市": "Pizhou", "浦东新区": "Pudong New Area", "叶集区": "Yeji District", "裕安区": "Yu'an District", "雨花台区": "Yuhuatai District",
		"溧阳市": "Liyang", "溧水区": "Lishui District", "丽水市": "Lishui", "台州市": "Taizhou", "长兴县": "Changxing County", "长丰县": "Changfeng County", "长宁区": "Changning District", "景宁畲族自治县": "Jingning She Autonomous County",
		"佛山市": "Foshan", "闵行区": "Minhang District", "蚌山区": "Bengshan District", "东莞市": "Dongguan", "洛阳市": "Luoyang", "朝阳市": "Chaoyang", "长春市": "Changchun", "长沙市": "Changsha", "长治市": "Changzhi", "儋州市": "Danzhou", "泸州市": "Luzhou", "吕梁市": "Lüliang", "阜阳市": "Fuyang", "阜新市": "Fuxin",
		"宿州市": "Suzhou", "宿迁市": "Suqian", "漯河市": "Luohe", "濮阳市": "Puyang", "晋中市": "Jinzhong", "朔州市": "Shuozhou", "牡丹江市": "Mudanjiang", "佳木斯市": "Jiamusi", "葫芦岛市": "Huludao", "襄阳市": "Xiangyang",
		"吉林市": "Jilin City", "建德市": "Jiande", "兰溪市": "Lanxi", "天长市": "Tianchang", "曲阜市": "Qufu", "单县": "Shan County", "浚县": "Xun County", "万宁市": "Wanning", "会泽县": "Huize", "会昌县": "Huichang",
		"石河子市": "Shihezi", "库尔勒市": "Korla", "阿图什市": "Artux", "芒市": "Mangshi", "都匀市": "Duyun",
	}
}
