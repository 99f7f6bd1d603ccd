//i18n:data labels of fields, kept in both languages side by side

package kinds

// facility is a large facility or a complete plant: what the national platform asks of centres and facilities.
func facility() []Field {
	out := append([]Field{level()}, place()...)
	for _, f := range append(technique(), opening()...) {
		switch f.Name {
		case "technical", "function", "technique", "content", "image", "share_mode", "service_url", "service_level", "achievement", "fee":
			out = append(out, f)
		}
	}
	return append(out,
		Field{Name: "facility_type", ZH: "设施类型", EN: "Type of facility", Type: One, Facet: true, Group: "basic", Choices: []Choice{
			{"dedicated", "专用研究设施", "Dedicated to one field", nil}, {"user", "公共实验设施", "User facility", []string{"公共平台设施"}}, {"benefit", "公益科技设施", "For the public good", nil}, {"pilot-plant", "中试装置", "Pilot plant", []string{"中试线"}}, {"testbed", "试验平台", "Test bed", []string{"试验场"}}}},
		established(), worth(), postal())
}

func worth() Field {
	return Field{Name: "worth", ZH: "原值", EN: "Original value", Type: Wan, Group: "basic", UnitZH: "万元", UnitEN: "× ¥10,000", NRII: "worth", Also: []string{"建设投资", "总投资"}}
}

func level() Field {
	return Field{Name: "level", ZH: "级别", EN: "Level", Type: One, Facet: true, Group: "basic", NRII: "level", Also: []string{"平台级别", "仪器中心级别", "level"}, Choices: []Choice{
		{"national", "国家级", "National", []string{"国家"}}, {"provincial", "省部级", "Provincial or ministerial", []string{"省级", "部级", "部省级", "市级（直辖市）"}}, {"city", "地市级", "City", []string{"市级", "设区市级"}},
		{"county", "区县级", "County", []string{"区级", "县级"}}, {"unit", "单位级", "Of the organisation", []string{"校级", "院级", "企业级", "单位级等"}}}}
}

func established() Field {
	return Field{Name: "established", ZH: "建设日期", EN: "Established", Type: Month, Element: "生成日期", Group: "history", NRII: "establish", Also: []string{"开始建设年月", "成立日期", "established"}}
}

// BaseTypes are the kinds of bases and carriers found in the lists of Shanghai, Jiangsu and Zhejiang.
func BaseTypes() []Choice {
	return []Choice{
		{"key-lab", "重点实验室", "Key laboratory", []string{"国家级重点实验室", "部省级重点实验室", "实验室"}},
		{"engineering-centre", "工程技术研究中心", "Engineering research centre", []string{"工程研究中心", "工程实验室", "工程中心"}},
		{"innovation-centre", "技术创新中心", "Technology innovation centre", []string{"制造业创新中心", "产业创新中心"}},
		{"enterprise-centre", "企业技术中心", "Enterprise technology centre", []string{"企业研发中心", "企业研究院"}},
		{"new-institute", "新型研发机构", "New R&D institute", []string{"产业技术研究院"}},
		{"public-platform", "公共技术服务平台", "Public service platform", []string{"科技公共服务平台", "专业技术服务平台", "公共服务平台"}},
		{"inspection-centre", "质量检验检测中心", "Inspection and testing centre", []string{"质检中心", "检验检测中心"}},
		{"pilot-base", "中试基地", "Pilot base", []string{"中试平台", "中试线"}},
		{"proof-centre", "概念验证中心", "Proof-of-concept centre", []string{"概念验证平台"}},
		{"incubator", "科技企业孵化器", "Incubator", []string{"孵化器"}},
		{"makerspace", "众创空间", "Makerspace", []string{"创客空间"}},
		{"accelerator", "加速器", "Accelerator", []string{"企业加速器"}},
		{"science-park", "大学科技园", "University science park", []string{"科技园", "科创园区"}},
		{"expert-station", "院士专家工作站", "Expert workstation", []string{"院士工作站", "博士后工作站"}},
		{"field-station", "野外科学观测研究站", "Field station", []string{"野外台站", "观测站"}},
		{"resource-bank", "生物种质与实验材料库", "Bank of biological resources", []string{"种质资源库", "样本库"}},
		{"international-base", "国际科技合作基地", "International co-operation base", []string{"国际合作基地"}},
		{"science-base", "科普基地", "Popular science base", nil},
		{"service-station", "服务驿站", "Service station", []string{"服务分中心", "工作站"}},
		{"other-base", "其他基地", "Other base", []string{"其他", "其它"}},
	}
}

// base is a laboratory, centre, carrier or platform: the fields of Shanghai's lists of key laboratories and platforms, and
// those a firm asks an incubator or a pilot line for.
func base() []Field {
	out := []Field{
		{Name: "class", ZH: "基地类型", EN: "Type of base", Type: One, Core: true, Facet: true, Wanted: true, Group: "basic", Choices: BaseTypes(), Also: []string{"平台类型", "类型", "base type"}},
		level(),
		{Name: "series", ZH: "系列", EN: "Series", Type: Text, Max: 100, Group: "basic", Also: []string{"平台系列", "syjdseriers", "platformseries"}},
		{Name: "nature", ZH: "性质", EN: "Nature", Type: Text, Max: 60, Group: "basic", Also: []string{"单位性质", "syjdkind", "unitnature"}},
		{Name: "category", ZH: "类别", EN: "Category", Type: Text, Max: 60, Group: "basic", Also: []string{"syjdtype"}},
		{Name: "lead", ZH: "依托单位", EN: "Supporting organisation", Type: Text, Max: 200, Group: "basic", Also: []string{"平台依托单位", "leadunit"}},
		{Name: "members", ZH: "参建单位", EN: "Partners", Type: List, Items: 40, Max: 100, Group: "basic", Also: []string{"主要参建单位", "memberunit"}},
		{Name: "authority", ZH: "主管部门", EN: "Supervised by", Type: Text, Max: 100, Group: "basic", Also: []string{"上级主管部门", "chargedept"}},
		{Name: "orientation", ZH: "定位与特色", EN: "Orientation", Type: Long, Max: 1000, Wanted: true, Group: "technical", Also: []string{"定位", "平台定位及主要服务特点", "syjdorient", "keydomain"}},
		{Name: "domains", ZH: "涉及领域", EN: "Domains", Type: List, Items: 20, Max: 60, Group: "technical", Also: []string{"syjddomain"}},
		industries(),
		{Name: "accredited", ZH: "实验室认可", EN: "Accreditation", Type: List, Items: 10, Max: 60, Group: "technical", Also: []string{"syjdadmit"}},
		{Name: "services", ZH: "服务类别", EN: "Services", Type: List, Items: 20, Max: 60, Group: "service", Also: []string{"主要服务类别", "servicetypes", "majorservicetype"}},
		{Name: "hotline", ZH: "服务热线", EN: "Hotline", Type: Text, Max: 60, Group: "place", Also: []string{"hotlinetel"}},
		{Name: "area", ZH: "面积", EN: "Area", Type: Number, Max: 7, Group: "service", UnitZH: "平方米", UnitEN: "m²", Also: []string{"syjdarea", "场地面积"}},
		{Name: "seats", ZH: "工位", EN: "Desks", Type: Number, Max: 5, Group: "service", UnitZH: "个", UnitEN: "desks", Also: []string{"工位数", "创业工位"}},
		{Name: "tenancy", ZH: "入驻条件", EN: "Conditions of entry", Type: Long, Max: 1000, Group: "service", Also: []string{"入孵条件"}},
		{Name: "incubates", ZH: "在孵企业", EN: "Firms incubated", Type: Number, Max: 5, Group: "service", UnitZH: "家", UnitEN: "firms", Also: []string{"在孵企业数"}},
		{Name: "scale", ZH: "中试规模", EN: "Scale of the pilot line", Type: Text, Max: 100, Group: "technical", HintZH: "例如 50 L 发酵、百公斤级。", HintEN: "For example 50 L fermentation, 100 kg a batch."},
		{Name: "processes", ZH: "可承担工艺", EN: "Processes", Type: List, Items: 30, Max: 60, Group: "technical"},
		{Name: "approved_by", ZH: "批准部门", EN: "Approved by", Type: Text, Max: 100, Group: "history", Also: []string{"建设批准部门", "syjdpermit"}},
		established(),
		{Name: "passed", ZH: "验收年月", EN: "Accepted", Type: Month, Group: "history", Also: []string{"通过验收年月", "建设项目验收年月", "endbuildtime", "passdateformatted"}},
		{Name: "authorised", ZH: "授牌年月", EN: "Named", Type: Month, Group: "history", Also: []string{"评定授牌年月", "认定日期", "authorizedateformatted"}},
		{Name: "reviews", ZH: "已评估次数", EN: "Reviews so far", Type: Number, Max: 3, Group: "history", UnitZH: "次", UnitEN: "reviews", Also: []string{"评估次数", "syjdevaluate", "assessnumber"}},
		{Name: "reviewed", ZH: "上次评估年月", EN: "Last reviewed", Type: Month, Group: "history", Also: []string{"evaluatetime", "lastevaluatedateformatted"}},
		{Name: "grade", ZH: "上次评估成绩", EN: "Last grade", Type: Text, Max: 30, Group: "history", Also: []string{"syjdresult", "lastevaluategrade"}},
		{Name: "head", ZH: "负责人", EN: "Head", Type: Text, Max: 60, Group: "place", Hidden: true, Also: []string{"平台负责人姓名", "chargeperson"}},
	}
	return append(append(out, place()...), postal())
}

func industries() Field {
	return Field{Name: "industries", ZH: "服务产业", EN: "Industries served", Type: List, Items: 20, Max: 60, Facet: true, Group: "technical", Also: []string{"主要服务产业", "七大战略性新兴产业", "serviceindustry", "industrytype", "industries"}}
}
