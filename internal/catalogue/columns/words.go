//i18n:data words that headings of lists are made of, in both languages

package columns

import "qiao/internal/catalogue/kinds"

// silent are English words that add nothing to a heading.
func silent() []string {
	return []string{"the", "of", "a", "an", "in", "for", "to", "and", "or", "is", "our", "my", "cny", "rmb", "yuan", "aud", "usd", "eur", "gbp", "jpy", "hkd"}
}

// sameWords are groups of English words of which lists use any for one thing; the first is the common form.
func sameWords() [][]string {
	return [][]string{
		{"id", "no", "nr", "num", "number", "code", "identifier", "ref"},
		{"price", "cost", "costs", "fee", "fees", "charge", "charges", "rate", "rates", "tariff", "prices"},
		{"unit", "units", "uom"},
		{"phone", "tel", "telephone", "mobile", "cell", "cellphone", "phones"},
		{"email", "mail", "emails"},
		{"maker", "manufacturer", "brand", "factory", "producer", "make", "manuf", "mfr"},
		{"summary", "desc", "description", "intro", "introduction", "abstract", "comment", "comments", "remark", "remarks", "overview", "notes", "note", "details"},
		{"location", "place", "position", "site"},
		{"website", "url", "web", "homepage", "link", "webpage"},
		{"name", "title"},
		{"department", "dept", "division", "faculty", "school"},
		{"hour", "hours", "hr", "hrs"},
		{"date", "day", "time", "on", "dt"},
		{"person", "people", "who"},
		{"purchase", "purchased", "buy", "bought", "buying", "acquired", "acquisition", "procurement"},
		{"install", "installed", "installation"},
		{"english", "eng", "en"},
		{"chinese", "cn", "zh", "chn"},
		{"technical", "technology", "tech", "spec", "specs", "specification", "specifications", "parameters"},
		{"image", "photo", "picture", "img", "pic", "photos", "images"},
		{"postcode", "zip", "postal", "post", "zipcode", "postalcode"},
		{"category", "categories", "type", "kind", "cat"},
		{"status", "state", "condition"},
		{"subject", "subjects", "discipline", "disciplines"},
	}
}

// roles are words that say whose detail a column is.
func roles() []string {
	return []string{"contact", "owner", "person", "manager", "customer", "client", "supplier", "user", "operator", "head", "service", "purchase", "price", "charge", "company", "institution"}
}

// fillers are Chinese words that say nothing more about the column beside them.
func fillers() []string {
	return []string{"仪器设备", "仪器设施", "科研设施", "科学仪器", "所在单位", "单位内部", "本单位", "单位内", "仪器", "设备", "设施", "资源", "单位", "主要", "所属", "所在", "安置", "对外", "开放", "共享", "详细", "具体", "相关", "注册", "参考", "信息", "情况", "填写", "名称"}
}

// nouns are what a list of a kind calls its rows: taken off every heading, also off the one of names, and a sign of the kind.
func nouns(kind string) []string {
	return map[string][]string{
		"instrument":   {"仪器设备", "仪器设施", "科学仪器", "仪器", "设备", "装备", "固定资产", "资产", "检验设备", "检测设备", "instrument", "instruments", "equipment", "device", "devices", "apparatus", "machine", "asset"},
		"facility":     {"科研设施", "设施", "大型科学装置", "试验装置", "facility", "facilities"},
		"base":         {"科研基地", "重点实验室", "实验室", "平台", "基地", "孵化器", "众创空间", "platform", "incubator", "laboratory"},
		"service":      {"服务项目", "检测服务", "服务", "service", "services"},
		"literature":   {"科技文献", "文献", "论文", "literature", "paper", "papers", "publication", "publications", "article"},
		"standard":     {"标准", "standard", "standards"},
		"dataset":      {"科学数据", "数据集", "dataset", "datasets"},
		"achievement":  {"科技成果", "成果", "achievement", "achievements", "patent", "patents"},
		"expert":       {"科技专家", "专家", "expert", "experts"},
		"professional": {"专业服务机构", "专业服务", "professional"},
		"investor":     {"投资机构", "金融机构", "基金", "investor", "investors", "fund", "funds"},
	}[kind]
}

// spellings are what lists call a field beside its own names in package kinds.
func spellings(field string) []string {
	return map[string][]string{
		"name_zh":         {"中文名称", "中文全称", "全称", "中文名", "品名", "Chinese name", "name cn"},
		"name_en":         {"英文名", "英文名称", "英文全称", "外文名称", "English name", "ename"},
		"source_id":       {"编码", "内部编码", "内部编号", "资产编号", "资产号", "资产编码", "资产管理号", "固定资产编号", "设备编号", "仪器编号", "仪器编码", "设备编码", "仪器号", "设备号", "asset id", "asset tag", "inventory number", "equipment id", "record id"},
		"model":           {"型号规格", "规格", "型号", "仪器型号", "机型", "model number", "model name", "type designation"},
		"maker":           {"制造商", "生产厂家", "生产厂商", "制造厂家", "制造厂商", "生产商", "厂商", "厂家", "生产企业", "生产单位", "制造单位", "品牌", "manufacturer name", "made by"},
		"serial":          {"出厂号", "出厂编号", "序列号", "机身号", "serial number", "sn", "s/n"},
		"class":           {"分类编码", "分类代码", "分类号", "class code", "category code"},
		"summary":         {"简介", "介绍", "概况", "概述", "描述", "备注", "summary"},
		"worth":           {"原值", "价值", "购置价格", "购置金额", "购入价格", "采购价格", "设备原值", "资产原值", "总价", "金额", "仪器价格", "purchase price", "original value", "value", "price of purchase"},
		"nation":          {"国别", "产地国别", "产国", "产地", "原产国", "生产国", "生产国别", "国别地区", "country", "country of origin", "made in"},
		"commissioned":    {"启用日期", "启用时间", "投入使用日期", "投用日期", "开始使用日期", "use date", "start date", "commissioning date", "in service since"},
		"customs":         {"是否免税", "免税", "海关监管", "是否海关监管"},
		"acquired_by":     {"来源", "设备来源", "仪器来源", "来源方式", "购置方式"},
		"funds":           {"经费来源", "资金来源"},
		"function":        {"主要功能", "功能用途", "用途", "主要用途", "应用范围", "功能", "function"},
		"technical":       {"技术指标", "性能指标", "技术参数", "技术规格", "主要参数", "specification", "technical specification"},
		"content":         {"服务内容", "服务项目", "服务范围"},
		"subjects":        {"学科领域", "学科", "所属学科", "subject area", "research area"},
		"department":      {"部门", "院系", "科室", "所属科室", "使用单位", "使用部门", "所属学院", "学院", "课题组", "department"},
		"province":        {"省", "省份", "province"},
		"city":            {"市", "城市", "地市", "city"},
		"county":          {"区县", "县区", "县市区", "district", "county"},
		"street":          {"地址", "安放地址", "放置地址", "存放地址", "具体地址", "street address"},
		"room":            {"房间", "房间号", "地点", "位置", "存放地点", "安放地点", "放置地点", "安装位置", "安装地点", "存放位置", "房间名称", "实验室房间", "location", "room", "installation location"},
		"contact":         {"联系人", "联系人姓名", "contact person", "contact"},
		"head":            {"负责人", "负责人姓名", "head"},
		"phone":           {"电话", "联系电话", "电话号码", "固定电话", "contact phone", "phone number"},
		"email":           {"邮箱", "电子邮箱", "电子邮件", "联系邮箱", "email address", "contact email"},
		"address":         {"通讯地址", "通信地址", "邮寄地址", "postal address", "mailing address"},
		"postcode":        {"邮编", "邮政编码", "postcode"},
		"image":           {"图片", "照片", "图像", "image"},
		"requirement":     {"开放共享规定", "共享规定", "服务须知", "使用须知", "预约须知", "access rules"},
		"achievement":     {"典型成果", "服务成果"},
		"condition":       {"运行状态", "运行状况", "使用状态", "使用状况", "完好情况", "condition"},
		"register_status": {"状态", "status"},
		"website":         {"网址", "网站", "主页", "website"},
		"service_url":     {"预约网址", "预约链接", "booking url", "booking link"},
		"hours_per_day":   {"每日机时", "每天开放机时", "available hours", "hours per day"},
		"fee":             {"收费标准", "收费说明", "收费情况"},
		"keywords":        {"关键词", "标签", "keywords", "tags"},
		"technique":       {"方法", "分析方法", "仪器类别", "设备类别", "类别", "technique", "method"},
		"accepted_on":     {"验收日期", "acceptance date"},
		"imported":        {"进口日期", "import date"},
		"authors":         {"作者", "发明人", "完成人", "author"},
		"institution":     {"工作单位", "依托单位", "所在单位", "affiliation", "institution"},
		"title":           {"职称", "专业技术职务"},
		"holders":         {"权利人", "专利权人", "完成单位"},
		"patents":         {"专利号", "patent number"},
		"projects":        {"项目名称", "代表性项目"},

		kinds.TargetUnit:     {"计费单位", "收费单位", "计价单位", "计量单位", "单位", "unit", "price unit"},
		kinds.TargetExternal: {"对外收费", "收费", "价格", "单价", "校外价格", "外部价格", "社会价格", "price", "unit price", "price per unit", "price external", "external price"},
		kinds.TargetMember:   {"协作价格", "会员价格", "member price"},
		kinds.TargetInternal: {"校内价格", "内部价格", "对内收费", "internal price"},
		kinds.TargetFree:     {"是否免费"},
		kinds.TargetVoucher:  {"是否接受创新券", "可用创新券"},
	}[field]
}

// weak are names that mean a field only where no better column does.
func weak(field string) []string {
	return map[string][]string{
		"source_id":    {"id", "序号编号", "code", "number"},
		"commissioned": {"购置日期", "采购日期", "购买日期", "购入日期", "购置时间", "安装日期", "建账日期", "入账日期", "purchase date", "installation date", "date of purchase"},
		"contact":      {"负责人", "管理员", "保管人", "领用人", "机组人员", "仪器负责人", "设备负责人", "负责人姓名", "owner", "manager", "technician", "person in charge"},
		"phone":        {"手机", "手机号", "手机号码", "联系方式"},
		"department":   {"facility", "lab", "centre", "center", "group", "机组", "平台名称", "实验室", "所属单位", "所属平台", "所属实验室"},
		"maker":        {"vendor"},
		"model":        {"规格参数"},
		"subjects":     {"领域", "应用领域"},
		"worth":        {"价格", "单价", "price"},
	}[field]
}

// own are what a column of names is called whose language its heading does not say.
func own(k kinds.Kind) []string {
	out := []string{"名称", "name", "题名"}
	switch k.Name {
	case "expert":
		out = append(out, "姓名", "专家姓名")
	case "literature":
		out = append(out, "篇名", "论文题目", "题目", "标题")
	case "service":
		out = append(out, "项目", "项目名称", "服务名称", "检测项目名称")
	}
	return out
}
