<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="hi">
<context>
    <name>ArrivalWords</name>
    <message>
        <source>Files that belong to {pane} went there</source>
        <translation>जो फ़ाइलें {pane} की हैं वे वहाँ गईं</translation>
    </message>
    <message>
        <source>{files} of other kinds, or our own results, left out</source>
        <translation>दूसरे प्रकार की या हमारे ही परिणामों की {files} छोड़ दी गईं</translation>
    </message>
    <message>
        <source>Already in the list</source>
        <translation>पहले से सूची में है</translation>
    </message>
    <message>
        <source>{files} were in the list already</source>
        <translation>{files} पहले से सूची में थीं</translation>
    </message>
    <message>
        <source>Nothing to clean was found in there</source>
        <translation>वहाँ साफ़ करने लायक कुछ नहीं मिला</translation>
    </message>
    <message>
        <source>{files} added</source>
        <translation>{files} जोड़ी गईं</translation>
    </message>
</context>
<context>
    <name>CheckStep</name>
    <message>
        <source>What can be used</source>
        <translation>क्या काम आ सकता है</translation>
    </message>
    <message>
        <source>Some files are kept back: they are never learned from, and tell in the end whether the model got better.</source>
        <translation>कुछ फ़ाइलें अलग रखी जाती हैं: उनसे कभी सीखा नहीं जाता, और अंत में वे बताती हैं कि मॉडल बेहतर हुआ या नहीं।</translation>
    </message>
    <message>
        <source>Files looked at</source>
        <translation>देखी गई फ़ाइलें</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>रद्द करें</translation>
    </message>
    <message>
        <source>Looking for files…</source>
        <translation>फ़ाइलें खोजी जा रही हैं…</translation>
    </message>
    <message>
        <source>Opening file {n} of {total}</source>
        <translation>{total} में से फ़ाइल {n} खोली जा रही है</translation>
    </message>
    <message>
        <source>Opening file {n} of {total}, then trying how fast it learns here</source>
        <translation>{total} में से फ़ाइल {n} खोली जा रही है, फिर देखा जाएगा कि यहाँ कितनी तेज़ी से सीखता है</translation>
    </message>
    <message>
        <source>The files could not be looked at.</source>
        <translation>फ़ाइलें देखी नहीं जा सकीं।</translation>
    </message>
    <message>
        <source>Not enough to learn from.</source>
        <translation>सीखने के लिए काफ़ी नहीं।</translation>
    </message>
    <message>
        <source>{all} usable: {used} to learn from, {kept} kept back to judge.</source>
        <translation>{all} काम की: {used} सीखने के लिए, {kept} परखने के लिए अलग रखीं।</translation>
    </message>
    <message>
        <source>{files} left out.</source>
        <translation>{files} छोड़ी गईं।</translation>
    </message>
</context>
<context>
    <name>CheckTable</name>
    <message>
        <source>File</source>
        <translation>फ़ाइल</translation>
    </message>
    <message>
        <source>Its clean twin</source>
        <translation>उसका साफ़ जोड़ीदार</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>उपयोग</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>टिप्पणी</translation>
    </message>
    <message>
        <source>Learned from</source>
        <translation>सीखने के लिए</translation>
    </message>
    <message>
        <source>Kept back</source>
        <translation>अलग रखी</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>छोड़ी गई</translation>
    </message>
</context>
<context>
    <name>CheckView</name>
    <message>
        <source>What becomes of each file</source>
        <translation>हर फ़ाइल का क्या होता है</translation>
    </message>
</context>
<context>
    <name>CrashReport</name>
    <message>
        <source>Something went wrong</source>
        <translation>कुछ गड़बड़ हो गई</translation>
    </message>
    <message>
        <source>Something went wrong in the program. Your files are untouched.</source>
        <translation>प्रोग्राम में कुछ गड़बड़ हो गई। आपकी फ़ाइलें जैसी थीं वैसी ही हैं।</translation>
    </message>
    <message>
        <source>You can go on. The details are in the log folder: {folder}</source>
        <translation>आप काम जारी रख सकते हैं। विवरण लॉग फ़ोल्डर में हैं: {folder}</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>विवरण कॉपी करें</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>जारी रखें</translation>
    </message>
</context>
<context>
    <name>DropArea</name>
    <message>
        <source>Nothing leaves this computer.</source>
        <translation>कुछ भी इस कंप्यूटर से बाहर नहीं जाता।</translation>
    </message>
    <message>
        <source>Browse files…</source>
        <translation>फ़ाइलें चुनें…</translation>
    </message>
    <message>
        <source>Browse a folder…</source>
        <translation>फ़ोल्डर चुनें…</translation>
    </message>
    <message>
        <source>Recent folders</source>
        <translation>हाल के फ़ोल्डर</translation>
    </message>
    <message>
        <source>Try a sample</source>
        <translation>एक नमूना आज़माएँ</translation>
    </message>
    <message>
        <source>Cleans a file that came with this program</source>
        <translation>प्रोग्राम के साथ आई एक फ़ाइल साफ़ करता है</translation>
    </message>
</context>
<context>
    <name>EcgColumns</name>
    <message>
        <source>First rows of the file</source>
        <translation>फ़ाइल की पहली पंक्तियाँ</translation>
    </message>
    <message>
        <source>Column {n}</source>
        <translation>स्तंभ {n}</translation>
    </message>
    <message>
        <source>ECG</source>
        <translation>ECG</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>समय</translation>
    </message>
    <message>
        <source>Not ECG</source>
        <translation>ECG नहीं</translation>
    </message>
    <message>
        <source>What {column} is</source>
        <translation>{column} क्या है</translation>
    </message>
</context>
<context>
    <name>EcgImportDialog</name>
    <message>
        <source>Import settings</source>
        <translation>आयात की सेटिंग</translation>
    </message>
    <message>
        <source>Find out</source>
        <translation>पता लगाएँ</translation>
    </message>
    <message>
        <source>Use these settings</source>
        <translation>ये सेटिंग लें</translation>
    </message>
    <message>
        <source>e.g. 250</source>
        <translation>जैसे 250</translation>
    </message>
    <message>
        <source>Samples a second</source>
        <translation>प्रति सेकंड नमूने</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>इकाई</translation>
    </message>
    <message>
        <source>What a number in the table is.</source>
        <translation>तालिका की संख्या किस इकाई में है।</translation>
    </message>
    <message>
        <source>How was this recorded?</source>
        <translation>यह कैसे रिकॉर्ड हुआ?</translation>
    </message>
    <message>
        <source>{name} holds numbers, but does not say all of what they mean. Whoever recorded it, or the device's manual, knows.</source>
        <translation>{name} में संख्याएँ हैं, पर वह पूरा नहीं बताती कि उनका मतलब क्या है। जिसने रिकॉर्ड किया, या उपकरण की पुस्तिका, यह जानती है।</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>रद्द करें</translation>
    </message>
    <message>
        <source>Other files of this folder are read the same way.</source>
        <translation>इस फ़ोल्डर की दूसरी फ़ाइलें भी इसी तरह पढ़ी जाएँगी।</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>स्तंभ</translation>
    </message>
    <message>
        <source>Choose at least one column that is ECG.</source>
        <translation>कम से कम एक स्तंभ चुनें जो ECG हो।</translation>
    </message>
    <message>
        <source>The number of samples a second is no number.</source>
        <translation>प्रति सेकंड नमूनों की संख्या कोई संख्या नहीं है।</translation>
    </message>
    <message>
        <source>From {low} to {high} samples a second can be cleaned.</source>
        <translation>प्रति सेकंड {low} से {high} नमूने साफ़ किए जा सकते हैं।</translation>
    </message>
    <message>
        <source>Tell the samples a second, or which column is the time.</source>
        <translation>प्रति सेकंड नमूने बताएँ, या बताएँ कि समय कौन-सा स्तंभ है।</translation>
    </message>
    <message>
        <source>The time column says how many samples a second there are.</source>
        <translation>समय का स्तंभ बताता है कि प्रति सेकंड कितने नमूने हैं।</translation>
    </message>
    <message>
        <source>ECG columns: {names}</source>
        <translation>ECG के स्तंभ: {names}</translation>
    </message>
</context>
<context>
    <name>EcgOverview</name>
    <message>
        <source>Whole recording</source>
        <translation>पूरी रिकॉर्डिंग</translation>
    </message>
    <message>
        <source>Heart rate of the whole recording. Drag to move, double-click for all of it</source>
        <translation>पूरी रिकॉर्डिंग की हृदय गति। खिसकाने के लिए घसीटें, पूरी देखने के लिए दो बार क्लिक</translation>
    </message>
</context>
<context>
    <name>EcgRates</name>
    <message>
        <source>whole recording</source>
        <translation>पूरी रिकॉर्डिंग</translation>
    </message>
    <message>
        <source>read so far</source>
        <translation>अब तक पढ़ी गई</translation>
    </message>
    <message>
        <source>preview</source>
        <translation>झलक</translation>
    </message>
    <message>
        <source>here {rates}</source>
        <translation>यहाँ {rates}</translation>
    </message>
    <message>
        <source>Go to the next one (N)</source>
        <translation>अगले पर जाएँ (N)</translation>
    </message>
    <message>
        <source>Mean heart rate, before and after: {rates}</source>
        <translation>औसत हृदय गति, पहले और बाद: {rates}</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>मूल</translation>
    </message>
    <message>
        <source>Removed</source>
        <translation>हटाया गया</translation>
    </message>
    <message>
        <source>Beats</source>
        <translation>धड़कनें</translation>
    </message>
    <message>
        <source>The original, faint behind the cleaned one (O)</source>
        <translation>मूल, साफ़ के पीछे हल्का (O)</translation>
    </message>
    <message>
        <source>What was removed, below each lead (R)</source>
        <translation>जो हटाया गया, हर लीड के नीचे (R)</translation>
    </message>
    <message>
        <source>R-peaks and the heart rate between them (B)</source>
        <translation>R-शिखर और उनके बीच की हृदय गति (B)</translation>
    </message>
    <message>
        <source>Hold Space to see the original</source>
        <translation>मूल देखने के लिए Space दबाए रखें</translation>
    </message>
</context>
<context>
    <name>EcgStage</name>
    <message>
        <source>Preview</source>
        <translation>झलक</translation>
    </message>
    <message>
        <source>A preview of this part is being made…</source>
        <translation>इस हिस्से की झलक बन रही है…</translation>
    </message>
    <message>
        <source>Zoom in for a preview</source>
        <translation>झलक के लिए बड़ा करें</translation>
    </message>
    <message>
        <source>Preview of a part. Zoom in for more</source>
        <translation>एक हिस्से की झलक। ज़्यादा के लिए बड़ा करें</translation>
    </message>
    <message>
        <source>Reading the recording…</source>
        <translation>रिकॉर्डिंग पढ़ी जा रही है…</translation>
    </message>
</context>
<context>
    <name>EcgTools</name>
    <message>
        <source>Go to a time</source>
        <translation>किसी समय पर जाएँ</translation>
    </message>
    <message>
        <source>Type a time, such as 1:30 or 2:15:00, and press Enter (T)</source>
        <translation>समय लिखें, जैसे 1:30 या 2:15:00, और Enter दबाएँ (T)</translation>
    </message>
    <message>
        <source>Longer stretch</source>
        <translation>लंबा हिस्सा</translation>
    </message>
    <message>
        <source>Zoom out (−)</source>
        <translation>छोटा करें (−)</translation>
    </message>
    <message>
        <source>Shorter stretch</source>
        <translation>छोटा हिस्सा</translation>
    </message>
    <message>
        <source>Zoom in (+)</source>
        <translation>बड़ा करें (+)</translation>
    </message>
    <message>
        <source>Lower waves</source>
        <translation>नीची तरंगें</translation>
    </message>
    <message>
        <source>Lower waves (Down)</source>
        <translation>नीची तरंगें (नीचे)</translation>
    </message>
    <message>
        <source>Higher waves</source>
        <translation>ऊँची तरंगें</translation>
    </message>
    <message>
        <source>Higher waves (Up)</source>
        <translation>ऊँची तरंगें (ऊपर)</translation>
    </message>
    <message>
        <source>All of it</source>
        <translation>पूरी</translation>
    </message>
    <message>
        <source>The whole recording (F)</source>
        <translation>पूरी रिकॉर्डिंग (F)</translation>
    </message>
    <message>
        <source>Scale {scale}, go back to 25 mm/s and 10 mm/mV</source>
        <translation>पैमाना {scale}, 25 mm/s और 10 mm/mV पर लौटें</translation>
    </message>
    <message>
        <source>Back to 25 mm/s and 10 mm/mV (1)</source>
        <translation>25 mm/s और 10 mm/mV पर लौटें (1)</translation>
    </message>
    <message>
        <source>Shift and drag on the paper measures</source>
        <translation>काग़ज़ पर Shift दबाकर घसीटने से माप होता है</translation>
    </message>
</context>
<context>
    <name>EcgView</name>
    <message>
        <source>Compare view</source>
        <translation>तुलना</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>मूल</translation>
    </message>
    <message>
        <source>Gap</source>
        <translation>अंतराल</translation>
    </message>
    <message>
        <source>Zoom in to see what was removed</source>
        <translation>जो हटाया गया उसे देखने के लिए बड़ा करें</translation>
    </message>
</context>
<context>
    <name>EcgWords</name>
    <message>
        <source>{n} mm/s</source>
        <translation>{n} mm/s</translation>
    </message>
    <message>
        <source>{n} mm/mV</source>
        <translation>{n} mm/mV</translation>
    </message>
    <message>
        <source>{rates} bpm</source>
        <translation>{rates} प्रति मिनट</translation>
    </message>
    <message>
        <source>1 beat differs</source>
        <translation>1 धड़कन अलग है</translation>
    </message>
    <message>
        <source>{n} beats differ</source>
        <translation>{n} धड़कनें अलग हैं</translation>
    </message>
    <message>
        <source>R-peaks that only the original has: {lost}. Only the cleaned one: {new}.</source>
        <translation>R-शिखर जो केवल मूल में हैं: {lost}। केवल साफ़ में: {new}।</translation>
    </message>
    <message>
        <source>No recording</source>
        <translation>कोई रिकॉर्डिंग नहीं</translation>
    </message>
    <message>
        <source>{span} is shown at {scale}, heart rate {rates}</source>
        <translation>{span} दिख रहा है, पैमाना {scale}, हृदय गति {rates}</translation>
    </message>
    <message>
        <source>{n} mm/min</source>
        <translation>{n} mm/मिनट</translation>
    </message>
    <message>
        <source>{n} mm/h</source>
        <translation>{n} mm/घंटा</translation>
    </message>
    <message>
        <source>{n} ms</source>
        <translation>{n} ms</translation>
    </message>
    <message>
        <source>{n} s</source>
        <translation>{n} से.</translation>
    </message>
    <message>
        <source>{n} mV</source>
        <translation>{n} mV</translation>
    </message>
</context>
<context>
    <name>FailureCard</name>
    <message>
        <source>The original file was not changed.</source>
        <translation>मूल फ़ाइल बदली नहीं गई।</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>फिर कोशिश करें</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>विवरण कॉपी करें</translation>
    </message>
    <message>
        <source>{name} is locked with a password.</source>
        <translation>{name} पासवर्ड से बंद है।</translation>
    </message>
    <message>
        <source>The password is used to open this file, and is not stored anywhere.</source>
        <translation>पासवर्ड सिर्फ़ यह फ़ाइल खोलने के काम आता है और कहीं सहेजा नहीं जाता।</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>कॉपी हो गया</translation>
    </message>
    <message>
        <source>Tell the rate…</source>
        <translation>दर बताएँ…</translation>
    </message>
    <message>
        <source>Rate, unit and columns of this file</source>
        <translation>इस फ़ाइल की दर, इकाई और स्तंभ</translation>
    </message>
</context>
<context>
    <name>FilesBox</name>
    <message>
        <source>All files</source>
        <translation>सभी फ़ाइलें</translation>
    </message>
    <message>
        <source>Browse a folder…</source>
        <translation>फ़ोल्डर चुनें…</translation>
    </message>
    <message>
        <source>Browse files…</source>
        <translation>फ़ाइलें चुनें…</translation>
    </message>
    <message>
        <source>Take these files away</source>
        <translation>ये फ़ाइलें हटा दें</translation>
    </message>
    <message>
        <source>Drop files or a folder here</source>
        <translation>फ़ाइलें या फ़ोल्डर यहाँ छोड़ें</translation>
    </message>
    <message>
        <source>{name} and {n} more</source>
        <translation>{name} और {n} अन्य</translation>
    </message>
    <message>
        <source>There is no file of this kind in there</source>
        <translation>उसमें इस प्रकार की कोई फ़ाइल नहीं है</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>गिनती हो रही है…</translation>
    </message>
</context>
<context>
    <name>FilesStep</name>
    <message>
        <source>What do you have?</source>
        <translation>आपके पास क्या है?</translation>
    </message>
    <message>
        <source>Twenty files of the kind that you want cleaned are a good start.</source>
        <translation>जैसी फ़ाइलें आप साफ़ कराना चाहते हैं वैसी बीस फ़ाइलें अच्छी शुरुआत हैं।</translation>
    </message>
    <message>
        <source>What spoils them</source>
        <translation>क्या उन्हें बिगाड़ता है</translation>
    </message>
    <message>
        <source>Files belong together by their names: scan_01.png and scan_01.png, or scan_01_noisy.png and scan_01_clean.png. Some are kept back to judge the result.</source>
        <translation>फ़ाइलों की जोड़ी उनके नाम से बनती है: scan_01.png और scan_01.png, या scan_01_noisy.png और scan_01_clean.png। कुछ परिणाम परखने के लिए अलग रखी जाती हैं।</translation>
    </message>
    <message>
        <source>The files themselves stay as they are. Some are kept back to judge.</source>
        <translation>फ़ाइलें जैसी हैं वैसी ही रहती हैं। कुछ परखने के लिए अलग रखी जाती हैं।</translation>
    </message>
    <message>
        <source>Noisy files</source>
        <translation>शोर वाली फ़ाइलें</translation>
    </message>
    <message>
        <source>Clean files</source>
        <translation>साफ़ फ़ाइलें</translation>
    </message>
    <message>
        <source>Noisy and clean</source>
        <translation>शोर वाली और साफ़</translation>
    </message>
    <message>
        <source>Each file twice: as it is, and as it should be. The best there is: your noise itself is learned, and the result is judged for sure.</source>
        <translation>हर फ़ाइल दो बार: जैसी है, और जैसी होनी चाहिए। सबसे अच्छा यही है: आपका अपना शोर सीखा जाता है और परिणाम पक्के तौर पर परखा जाता है।</translation>
    </message>
    <message>
        <source>Only clean files</source>
        <translation>केवल साफ़ फ़ाइलें</translation>
    </message>
    <message>
        <source>Files that are good already. Copies of them are spoiled here, and how to undo that is learned. You can say what spoils them.</source>
        <translation>जो फ़ाइलें पहले से अच्छी हैं। उनकी प्रतियाँ यहाँ बिगाड़ी जाती हैं, और उन्हें ठीक करना सीखा जाता है। क्या बिगाड़े, यह आप बता सकते हैं।</translation>
    </message>
    <message>
        <source>Only noisy files</source>
        <translation>केवल शोर वाली फ़ाइलें</translation>
    </message>
    <message>
        <source>Files as they come. What their noise is like is learned from them alone, so the result can only be estimated.</source>
        <translation>फ़ाइलें जैसी मिलीं वैसी। उनका शोर कैसा है यह उन्हीं से सीखा जाता है, इसलिए परिणाम का केवल अनुमान हो सकता है।</translation>
    </message>
</context>
<context>
    <name>FineTunePage</name>
    <message>
        <source>Start learning</source>
        <translation>सीखना शुरू करें</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>काम</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>फ़ाइलें</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>जाँच</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>समय</translation>
    </message>
    <message>
        <source>Learning</source>
        <translation>सीखना</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>फ़ैसला</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>रखना</translation>
    </message>
</context>
<context>
    <name>GlimpseRow</name>
    <message>
        <source>Samples of kept-back files appear here while it learns.</source>
        <translation>सीखते समय अलग रखी फ़ाइलों के नमूने यहाँ दिखते हैं।</translation>
    </message>
    <message>
        <source>Samples of kept-back files, before and after</source>
        <translation>अलग रखी फ़ाइलों के नमूने, पहले और बाद में</translation>
    </message>
</context>
<context>
    <name>GlimpseTile</name>
    <message>
        <source>Your noise on a clean sample</source>
        <translation>साफ़ नमूने पर आपका शोर</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>लक्ष्य</translation>
    </message>
    <message>
        <source>After</source>
        <translation>बाद में</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>पहले</translation>
    </message>
    <message>
        <source>Point at it, or hold Space, to see what it is compared with</source>
        <translation>जिससे तुलना होती है उसे देखने के लिए इस पर इंगित करें या Space दबाए रखें</translation>
    </message>
    <message>
        <source>{name}, before and after</source>
        <translation>{name}, पहले और बाद में</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>Model</source>
        <translation>मॉडल</translation>
    </message>
    <message>
        <source>Strength in percent</source>
        <translation>तीव्रता प्रतिशत में</translation>
    </message>
    <message>
        <source>Clean as soon as dropped</source>
        <translation>छोड़ते ही साफ़ करें</translation>
    </message>
    <message>
        <source>Keep metadata</source>
        <translation>मेटाडेटा रखें</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>तीव्रता</translation>
    </message>
    <message>
        <source>Save to</source>
        <translation>यहाँ सहेजें</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>कोई मॉडल नहीं</translation>
    </message>
    <message>
        <source>None is installed for this</source>
        <translation>इसके लिए कोई मॉडल नहीं है</translation>
    </message>
</context>
<context>
    <name>Intake</name>
    <message>
        <source>All files</source>
        <translation>सभी फ़ाइलें</translation>
    </message>
    <message>
        <source>Files to clean</source>
        <translation>साफ़ करने की फ़ाइलें</translation>
    </message>
    <message>
        <source>A folder to clean</source>
        <translation>साफ़ करने का फ़ोल्डर</translation>
    </message>
    <message>
        <source>There is no picture and no file on the clipboard.</source>
        <translation>क्लिपबोर्ड पर न चित्र है न फ़ाइल।</translation>
    </message>
    <message>
        <source>Choose a cleaned file first: there is nothing to copy yet.</source>
        <translation>पहले कोई साफ़ की हुई फ़ाइल चुनें: अभी कॉपी करने को कुछ नहीं है।</translation>
    </message>
    <message>
        <source>Copied {name}</source>
        <translation>{name} कॉपी हुई</translation>
    </message>
</context>
<context>
    <name>KeepStep</name>
    <message>
        <source>{name} is kept</source>
        <translation>{name} रख लिया गया</translation>
    </message>
    <message>
        <source>Name and keep it</source>
        <translation>नाम दें और रखें</translation>
    </message>
    <message>
        <source>Name of the model</source>
        <translation>मॉडल का नाम</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>रखें</translation>
    </message>
    <message>
        <source>Teach another</source>
        <translation>एक और सिखाएँ</translation>
    </message>
    <message>
        <source>Make it the default</source>
        <translation>पहली पसंद बनाएँ</translation>
    </message>
    <message>
        <source>Its task begins with it from then on</source>
        <translation>तब से उसका काम इसी से शुरू होता है</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>निर्यात करें…</translation>
    </message>
    <message>
        <source>Write this model into one file</source>
        <translation>इस मॉडल को एक फ़ाइल में लिखें</translation>
    </message>
    <message>
        <source>It is kept on this computer, beside the model that it was made from.</source>
        <translation>यह इसी कंप्यूटर पर रहता है, उस मॉडल के साथ जिससे यह बना।</translation>
    </message>
    <message>
        <source>It can be chosen in its pane now, and is listed under Models.</source>
        <translation>अब इसे इसके पैनल में चुना जा सकता है, और यह मॉडल की सूची में है।</translation>
    </message>
    <message>
        <source>Is the default</source>
        <translation>यही पहली पसंद है</translation>
    </message>
    <message>
        <source>My {things}</source>
        <translation>मेरी {things}</translation>
    </message>
    <message>
        <source>Open {pane}</source>
        <translation>{pane} खोलें</translation>
    </message>
</context>
<context>
    <name>Keys</name>
    <message>
        <source>Models</source>
        <translation>मॉडल</translation>
    </message>
    <message>
        <source>Browse files</source>
        <translation>फ़ाइलें चुनें</translation>
    </message>
    <message>
        <source>Browse a folder</source>
        <translation>फ़ोल्डर चुनें</translation>
    </message>
    <message>
        <source>Paste an image or files</source>
        <translation>चित्र या फ़ाइलें चिपकाएँ</translation>
    </message>
    <message>
        <source>Copy the cleaned image</source>
        <translation>साफ़ किया चित्र कॉपी करें</translation>
    </message>
    <message>
        <source>Clean</source>
        <translation>साफ़ करें</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>रोकें</translation>
    </message>
    <message>
        <source>Pause or resume</source>
        <translation>ठहरें या फिर चलाएँ</translation>
    </message>
    <message>
        <source>Retry the selected files</source>
        <translation>चुनी फ़ाइलें फिर साफ़ करने की कोशिश करें</translation>
    </message>
    <message>
        <source>Select all files</source>
        <translation>सब फ़ाइलें चुनें</translation>
    </message>
    <message>
        <source>Remove the selected files from the list</source>
        <translation>चुनी फ़ाइलें सूची से हटाएँ</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>सेटिंग्स</translation>
    </message>
    <message>
        <source>Hold for the original</source>
        <translation>मूल देखने के लिए दबाए रखें</translation>
    </message>
    <message>
        <source>Wipe between before and after</source>
        <translation>पहले और बाद के बीच पर्दा</translation>
    </message>
    <message>
        <source>Before and after side by side</source>
        <translation>पहले और बाद साथ-साथ</translation>
    </message>
    <message>
        <source>What was removed</source>
        <translation>जो हटाया गया</translation>
    </message>
    <message>
        <source>Fit the picture into the view</source>
        <translation>चित्र पूरा दिखाएँ</translation>
    </message>
    <message>
        <source>Actual pixels</source>
        <translation>असली पिक्सेल</translation>
    </message>
    <message>
        <source>Previous page</source>
        <translation>पिछला पन्ना</translation>
    </message>
    <message>
        <source>Next page</source>
        <translation>अगला पन्ना</translation>
    </message>
    <message>
        <source>Undo a removal, or a stroke of the brush</source>
        <translation>हटाना या ब्रश की लकीर वापस लें</translation>
    </message>
    <message>
        <source>Brush: mark what shall go</source>
        <translation>ब्रश: जो हटाना है उस पर निशान लगाएँ</translation>
    </message>
    <message>
        <source>Eraser: unmark what shall stay</source>
        <translation>रबर: जो रखना है उससे निशान मिटाएँ</translation>
    </message>
    <message>
        <source>Smaller brush</source>
        <translation>छोटा ब्रश</translation>
    </message>
    <message>
        <source>Larger brush</source>
        <translation>बड़ा ब्रश</translation>
    </message>
    <message>
        <source>Show or hide the mask</source>
        <translation>मास्क दिखाएँ या छिपाएँ</translation>
    </message>
    <message>
        <source>Redo a stroke</source>
        <translation>लकीर फिर बनाएँ</translation>
    </message>
    <message>
        <source>Recording: play or pause</source>
        <translation>रिकॉर्डिंग: चलाएँ या रोकें</translation>
    </message>
    <message>
        <source>Recording: stop, back to where it began</source>
        <translation>रिकॉर्डिंग: बंद करें, जहाँ से शुरू हुई थी वहाँ लौटें</translation>
    </message>
    <message>
        <source>Recording: before, after, removed in turn</source>
        <translation>रिकॉर्डिंग: पहले, बाद और हटाया गया बारी-बारी से</translation>
    </message>
    <message>
        <source>Recording: hear the original</source>
        <translation>रिकॉर्डिंग: मूल सुनें</translation>
    </message>
    <message>
        <source>Recording: hear what is left</source>
        <translation>रिकॉर्डिंग: जो बचा उसे सुनें</translation>
    </message>
    <message>
        <source>Recording: hear what was removed</source>
        <translation>रिकॉर्डिंग: जो हटाया गया उसे सुनें</translation>
    </message>
    <message>
        <source>Recording: loop</source>
        <translation>रिकॉर्डिंग: दोहराते रहें</translation>
    </message>
    <message>
        <source>Recording: before and after equally loud</source>
        <translation>रिकॉर्डिंग: पहले और बाद की आवाज़ बराबर</translation>
    </message>
    <message>
        <source>Recording: the selection begins here</source>
        <translation>रिकॉर्डिंग: चयन यहाँ से शुरू</translation>
    </message>
    <message>
        <source>Recording: the selection ends here</source>
        <translation>रिकॉर्डिंग: चयन यहाँ ख़त्म</translation>
    </message>
    <message>
        <source>Recording: select nothing</source>
        <translation>रिकॉर्डिंग: कुछ न चुनें</translation>
    </message>
    <message>
        <source>Recording: zoom to the selection</source>
        <translation>रिकॉर्डिंग: चयन तक बड़ा करें</translation>
    </message>
    <message>
        <source>Recording: show what comes before</source>
        <translation>रिकॉर्डिंग: इससे पहले का हिस्सा दिखाएँ</translation>
    </message>
    <message>
        <source>Recording: show what comes next</source>
        <translation>रिकॉर्डिंग: इसके बाद का हिस्सा दिखाएँ</translation>
    </message>
    <message>
        <source>ECG: the original behind the cleaned one</source>
        <translation>ECG: साफ़ के पीछे मूल</translation>
    </message>
    <message>
        <source>ECG: what was removed</source>
        <translation>ECG: जो हटाया गया</translation>
    </message>
    <message>
        <source>ECG: R-peaks and heart rate</source>
        <translation>ECG: R-शिखर और हृदय गति</translation>
    </message>
    <message>
        <source>ECG: next place where beats differ</source>
        <translation>ECG: अगली जगह जहाँ धड़कनें अलग हैं</translation>
    </message>
    <message>
        <source>ECG: place before where beats differ</source>
        <translation>ECG: पिछली जगह जहाँ धड़कनें अलग हैं</translation>
    </message>
    <message>
        <source>ECG: next lead alone, then all</source>
        <translation>ECG: अगली लीड अकेली, फिर सब</translation>
    </message>
    <message>
        <source>ECG: go to a time</source>
        <translation>ECG: किसी समय पर जाएँ</translation>
    </message>
    <message>
        <source>ECG: higher waves</source>
        <translation>ECG: ऊँची तरंगें</translation>
    </message>
    <message>
        <source>ECG: lower waves</source>
        <translation>ECG: नीची तरंगें</translation>
    </message>
    <message>
        <source>ECG: back to 25 mm/s and 10 mm/mV</source>
        <translation>ECG: 25 mm/s और 10 mm/mV पर लौटें</translation>
    </message>
    <message>
        <source>ECG: end a measurement (Shift and drag)</source>
        <translation>ECG: माप हटाएँ (Shift दबाकर घसीटने से माप)</translation>
    </message>
    <message>
        <source>Fine-tune</source>
        <translation>अपना मॉडल</translation>
    </message>
</context>
<context>
    <name>LearningCurve</name>
    <message>
        <source>The curve begins as soon as the kept-back files have been looked at once.</source>
        <translation>अलग रखी फ़ाइलें एक बार देख लेते ही रेखा शुरू होगी।</translation>
    </message>
    <message>
        <source>Learning curve</source>
        <translation>सीखने की रेखा</translation>
    </message>
    <message>
        <source>Training loss, own scale</source>
        <translation>सीखने की त्रुटि, अपने पैमाने पर</translation>
    </message>
    <message>
        <source>Best</source>
        <translation>सबसे अच्छा</translation>
    </message>
    <message>
        <source>Starting model</source>
        <translation>शुरुआती मॉडल</translation>
    </message>
    <message>
        <source>Doing nothing</source>
        <translation>कुछ न करना</translation>
    </message>
    <message>
        <source>Kept-back files</source>
        <translation>अलग रखी फ़ाइलें</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} मिनट</translation>
    </message>
    <message>
        <source>Best on kept-back files: {score} after {n} min.</source>
        <translation>अलग रखी फ़ाइलों पर सबसे अच्छा: {n} मिनट बाद {score}।</translation>
    </message>
    <message>
        <source>{change} since the start</source>
        <translation>शुरू से {change}</translation>
    </message>
    <message>
        <source>Training loss {n}</source>
        <translation>सीखने की त्रुटि {n}</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>अभी</translation>
    </message>
</context>
<context>
    <name>LearningStep</name>
    <message>
        <source>It is learning</source>
        <translation>यह सीख रहा है</translation>
    </message>
    <message>
        <source>You can leave this page, and clean files meanwhile.</source>
        <translation>आप यह पन्ना छोड़ सकते हैं, और इस बीच फ़ाइलें साफ़ कर सकते हैं।</translation>
    </message>
    <message>
        <source>How far the learning is</source>
        <translation>सीखना कहाँ तक हुआ</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>विराम</translation>
    </message>
    <message>
        <source>Finish now and keep the best</source>
        <translation>अभी पूरा करें और सबसे अच्छा रखें</translation>
    </message>
    <message>
        <source>Cancel…</source>
        <translation>रद्द करें…</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>फिर कोशिश करें</translation>
    </message>
    <message>
        <source>Opening your files…</source>
        <translation>आपकी फ़ाइलें खोली जा रही हैं…</translation>
    </message>
    <message>
        <source>The learning stopped.</source>
        <translation>सीखना रुक गया।</translation>
    </message>
    <message>
        <source>Coming to an end with the best so far…</source>
        <translation>अब तक के सबसे अच्छे के साथ पूरा हो रहा है…</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>जारी रखें</translation>
    </message>
    <message>
        <source>Paused. What was learned is kept.</source>
        <translation>विराम। जो सीखा गया वह सुरक्षित है।</translation>
    </message>
    <message>
        <source>Judging it on the files that were kept back…</source>
        <translation>अलग रखी फ़ाइलों पर परखा जा रहा है…</translation>
    </message>
    <message>
        <source>Learning · {n} steps</source>
        <translation>सीख रहा है · {n} कदम</translation>
    </message>
    <message>
        <source>At most {time} left</source>
        <translation>अधिक से अधिक {time} शेष</translation>
    </message>
    <message>
        <source>Opening your files: {n} of {total}</source>
        <translation>आपकी फ़ाइलें खोली जा रही हैं: {total} में से {n}</translation>
    </message>
    <message>
        <source>Cleaning them with the model there is: {n} of {total}</source>
        <translation>मौजूदा मॉडल से साफ़ की जा रही हैं: {total} में से {n}</translation>
    </message>
</context>
<context>
    <name>Leaving</name>
    <message>
        <source>A model is still learning</source>
        <translation>एक मॉडल अभी सीख रहा है</translation>
    </message>
    <message>
        <source>A model is still learning. What shall become of it?</source>
        <translation>एक मॉडल अभी सीख रहा है। उसका क्या किया जाए?</translation>
    </message>
    <message>
        <source>Kept for later, it goes on where it is now.</source>
        <translation>बाद के लिए रखा तो वह अभी जहाँ है वहीं से आगे बढ़ेगा।</translation>
    </message>
    <message>
        <source>Close, go on later</source>
        <translation>बंद करें, बाद में आगे बढ़ाएँ</translation>
    </message>
    <message>
        <source>Keep for later</source>
        <translation>बाद के लिए रखें</translation>
    </message>
    <message>
        <source>Close and discard</source>
        <translation>बंद करें और छोड़ दें</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>छोड़ दें</translation>
    </message>
    <message>
        <source>This model is better</source>
        <translation>यह मॉडल बेहतर है</translation>
    </message>
    <message>
        <source>This model is better than the one it started from. Drop it all the same?</source>
        <translation>यह मॉडल अपने शुरुआती मॉडल से बेहतर है। फिर भी छोड़ दें?</translation>
    </message>
    <message>
        <source>What it learned is lost then.</source>
        <translation>तब इसने जो सीखा वह खो जाएगा।</translation>
    </message>
    <message>
        <source>Files are still being cleaned, too: that ends now.</source>
        <translation>फ़ाइलें भी अभी साफ़ हो रही हैं: वह अभी रुक जाएगा।</translation>
    </message>
    <message>
        <source>Keep learning</source>
        <translation>सीखते रहें</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>वापस जाएँ</translation>
    </message>
    <message>
        <source>Drop it</source>
        <translation>छोड़ दें</translation>
    </message>
    <message>
        <source>Files are still being cleaned</source>
        <translation>फ़ाइलें अभी साफ़ हो रही हैं</translation>
    </message>
    <message>
        <source>Files are still being cleaned. Stop and close?</source>
        <translation>फ़ाइलें अभी साफ़ हो रही हैं। रोककर बंद करें?</translation>
    </message>
    <message>
        <source>What is finished stays. The file being cleaned now is left as it was.</source>
        <translation>जो पूरा हो चुका है वह रहेगा। जो फ़ाइल अभी साफ़ हो रही है वह जैसी थी वैसी रहेगी।</translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation>रोककर बंद करें</translation>
    </message>
    <message>
        <source>Keep cleaning</source>
        <translation>साफ़ करते रहें</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Models</source>
        <translation>मॉडल</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>सेटिंग्स</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>फ़ोल्डर में दिखाएँ</translation>
    </message>
    <message>
        <source>Fine-tune</source>
        <translation>अपना मॉडल</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>दिखाएँ</translation>
    </message>
</context>
<context>
    <name>MaskBar</name>
    <message>
        <source>Mask</source>
        <translation>मास्क</translation>
    </message>
    <message>
        <source>Show or hide the mask (M)</source>
        <translation>मास्क दिखाएँ या छिपाएँ (M)</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>ब्रश</translation>
    </message>
    <message>
        <source>Mark what shall go (B). Again or Esc puts it down.</source>
        <translation>जो हटाना है उस पर निशान लगाएँ (B)। दोबारा दबाने या Esc से ब्रश रख दिया जाता है।</translation>
    </message>
    <message>
        <source>Eraser</source>
        <translation>रबर</translation>
    </message>
    <message>
        <source>Unmark what shall stay (E). Again or Esc puts it down.</source>
        <translation>जो रखना है उससे निशान मिटाएँ (E)। दोबारा दबाने या Esc से रबर रख दिया जाता है।</translation>
    </message>
    <message>
        <source>Size of brush and eraser ([ and ])</source>
        <translation>ब्रश और रबर का आकार ([ और ])</translation>
    </message>
    <message>
        <source>Size of brush and eraser</source>
        <translation>ब्रश और रबर का आकार</translation>
    </message>
    <message>
        <source>Undo the last stroke (Ctrl+Z)</source>
        <translation>पिछली लकीर वापस लें (Ctrl+Z)</translation>
    </message>
    <message>
        <source>Redo a stroke (Ctrl+Shift+Z)</source>
        <translation>लकीर फिर बनाएँ (Ctrl+Shift+Z)</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>मिटाएँ</translation>
    </message>
    <message>
        <source>Unmark everything</source>
        <translation>सारे निशान मिटाएँ</translation>
    </message>
    <message>
        <source>Undo the last stroke</source>
        <translation>पिछली लकीर वापस लें</translation>
    </message>
    <message>
        <source>Redo a stroke</source>
        <translation>लकीर फिर बनाएँ</translation>
    </message>
    <message>
        <source>{n} px</source>
        <translation>{n} px</translation>
    </message>
</context>
<context>
    <name>MaskBox</name>
    <message>
        <source>Look again, and let go of what was painted</source>
        <translation>फिर ढूँढें, और जो बनाया गया उसे छोड़ दें</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>फिर ढूँढें</translation>
    </message>
    <message>
        <source>Same mask for all</source>
        <translation>सबके लिए यही मास्क</translation>
    </message>
    <message>
        <source>Every picture of this list is cleaned with this mask: for a batch with the overlay in one place</source>
        <translation>इस सूची की हर तस्वीर इसी मास्क से साफ़ होगी: उन तस्वीरों के लिए जिनमें निशान एक ही जगह है</translation>
    </message>
    <message>
        <source>Load…</source>
        <translation>खोलें…</translation>
    </message>
    <message>
        <source>A mask from a picture file: white is what shall go</source>
        <translation>चित्र फ़ाइल से मास्क: जो सफ़ेद है वह हटेगा</translation>
    </message>
    <message>
        <source>Load a mask</source>
        <translation>मास्क खोलें</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>सहेजें…</translation>
    </message>
    <message>
        <source>Keep this mask as a PNG file</source>
        <translation>यह मास्क PNG फ़ाइल में रखें</translation>
    </message>
    <message>
        <source>Save this mask</source>
        <translation>यह मास्क सहेजें</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>मास्क</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>चित्र</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>सभी फ़ाइलें</translation>
    </message>
    <message>
        <source>Load a mask: white is what shall go</source>
        <translation>मास्क खोलें: जो सफ़ेद है वह हटेगा</translation>
    </message>
    <message>
        <source>PNG pictures (*.png)</source>
        <translation>PNG चित्र (*.png)</translation>
    </message>
</context>
<context>
    <name>Masks</name>
    <message>
        <source>Mask saved: {name}</source>
        <translation>मास्क सहेजा गया: {name}</translation>
    </message>
    <message>
        <source>Looking for an overlay…</source>
        <translation>निशान ढूँढा जा रहा है…</translation>
    </message>
    <message>
        <source>Nothing found. Paint over what shall go (B).</source>
        <translation>कुछ नहीं मिला। जो हटाना है उस पर ब्रश चलाएँ (B)।</translation>
    </message>
    <message>
        <source>Nothing is marked. Paint over what shall go (B).</source>
        <translation>कोई निशान नहीं लगा है। जो हटाना है उस पर ब्रश चलाएँ (B)।</translation>
    </message>
    <message>
        <source>The same for all: {share} of the picture</source>
        <translation>सबके लिए एक: तस्वीर का {share}</translation>
    </message>
    <message>
        <source>Yours: {share} of the picture</source>
        <translation>आपका: तस्वीर का {share}</translation>
    </message>
    <message>
        <source>Found: {share} of the picture</source>
        <translation>मिला: तस्वीर का {share}</translation>
    </message>
</context>
<context>
    <name>ModelSheet</name>
    <message>
        <source>Export…</source>
        <translation>निर्यात करें…</translation>
    </message>
    <message>
        <source>Write this model into one file</source>
        <translation>इस मॉडल को एक फ़ाइल में लिखें</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>हटाएँ</translation>
    </message>
    <message>
        <source>The card in full</source>
        <translation>पूरा कार्ड</translation>
    </message>
    <message>
        <source>Its task begins with it from then on (Return)</source>
        <translation>तब से उसका काम इसी से शुरू होगा (Return)</translation>
    </message>
    <message>
        <source>Is the default</source>
        <translation>यही डिफ़ॉल्ट है</translation>
    </message>
    <message>
        <source>Make it the default</source>
        <translation>डिफ़ॉल्ट बनाएँ</translation>
    </message>
    <message>
        <source>Delete this model (Del)</source>
        <translation>यह मॉडल हटाएँ (Del)</translation>
    </message>
    <message>
        <source>It came with the program and stays.</source>
        <translation>यह प्रोग्राम के साथ आया और रहेगा।</translation>
    </message>
    <message>
        <source>About</source>
        <translation>परिचय</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>पहले</translation>
    </message>
    <message>
        <source>After</source>
        <translation>बाद</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>प्रशिक्षण</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>विधि</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>नेटवर्क</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>काम</translation>
    </message>
    <message>
        <source>From</source>
        <translation>कहाँ से</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>आईडी</translation>
    </message>
    <message>
        <source>Made from</source>
        <translation>किससे बना</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>आकार</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>तारीख़</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>प्रकार</translation>
    </message>
    <message>
        <source>What was measured</source>
        <translation>क्या मापा गया</translation>
    </message>
    <message>
        <source>Learned from</source>
        <translation>किससे सीखा</translation>
    </message>
    <message>
        <source>nothing: trained anew</source>
        <translation>कुछ नहीं: नए सिरे से सिखाया</translation>
    </message>
</context>
<context>
    <name>ModelWords</name>
    <message>
        <source>Your own</source>
        <translation>आपका अपना</translation>
    </message>
    <message>
        <source>Shipped</source>
        <translation>साथ आया</translation>
    </message>
    <message>
        <source>{n} MB</source>
        <translation>{n} MB</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Models added: {n}.</source>
        <translation>जोड़े गए मॉडल: {n}।</translation>
    </message>
    <message>
        <source>Files refused: {n}.</source>
        <translation>अस्वीकार की गई फ़ाइलें: {n}।</translation>
    </message>
    <message>
        <source>{n} models, {own} of them your own</source>
        <translation>{n} मॉडल, उनमें {own} आपके अपने</translation>
    </message>
    <message>
        <source>{task} begins with {name} from now on.</source>
        <translation>अब से {task} {name} से शुरू होगा।</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>आयात करें…</translation>
    </message>
    <message>
        <source>Models to import</source>
        <translation>आयात करने के मॉडल</translation>
    </message>
    <message>
        <source>Export a model</source>
        <translation>मॉडल निर्यात करें</translation>
    </message>
    <message>
        <source>{name} is at work. Delete it when the files are cleaned.</source>
        <translation>{name} अभी काम कर रहा है। फ़ाइलें साफ़ हो जाने पर हटाएँ।</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>वापस लें</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>मॉडल</translation>
    </message>
    <message>
        <source>Show models for</source>
        <translation>किस काम के मॉडल दिखाएँ</translation>
    </message>
    <message>
        <source>A .daemodel file (Ctrl+O). It may also be dropped anywhere on the window.</source>
        <translation>एक .daemodel फ़ाइल (Ctrl+O)। उसे विंडो पर कहीं भी छोड़ा जा सकता है।</translation>
    </message>
    <message>
        <source>A model is one file: export it for someone else, or drop theirs here. Every file is checked before it is added, and nothing in it can run a program.</source>
        <translation>मॉडल एक ही फ़ाइल है: उसे किसी और के लिए निर्यात करें, या उनका यहाँ छोड़ें। जोड़ने से पहले हर फ़ाइल जाँची जाती है, और उसमें का कुछ भी प्रोग्राम नहीं चला सकता।</translation>
    </message>
    <message>
        <source>All tasks</source>
        <translation>सभी काम</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>फ़ोल्डर में दिखाएँ</translation>
    </message>
    <message>
        <source>{name} was added. Its pane, {task}, is there at the next start.</source>
        <translation>{name} जोड़ा गया। उसका पैनल, {task}, अगली शुरुआत पर होगा।</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>जाँच हो रही है…</translation>
    </message>
    <message>
        <source>Exported as {name}.</source>
        <translation>{name} के नाम से निर्यात किया गया।</translation>
    </message>
    <message>
        <source>Deleted {name}.</source>
        <translation>हटाया गया: {name}।</translation>
    </message>
    <message>
        <source>{name} is back.</source>
        <translation>{name} वापस आ गया।</translation>
    </message>
    <message>
        <source>Make it the default</source>
        <translation>डिफ़ॉल्ट बनाएँ</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>निर्यात करें…</translation>
    </message>
    <message>
        <source>Copy id</source>
        <translation>आईडी कॉपी करें</translation>
    </message>
    <message>
        <source>{name} is there already.</source>
        <translation>{name} पहले से है।</translation>
    </message>
    <message>
        <source>{name} was added to {task}.</source>
        <translation>{task} में जोड़ा गया: {name}।</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>हटाएँ</translation>
    </message>
</context>
<context>
    <name>ModelsTable</name>
    <message>
        <source>Default</source>
        <translation>डिफ़ॉल्ट</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>नाम</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>काम</translation>
    </message>
    <message>
        <source>From</source>
        <translation>कहाँ से</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>मापा गया</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>आकार</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>तारीख़</translation>
    </message>
</context>
<context>
    <name>ModelsView</name>
    <message>
        <source>Models</source>
        <translation>मॉडल</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Close this notice</source>
        <translation>यह सूचना बंद करें</translation>
    </message>
</context>
<context>
    <name>OptionsBox</name>
    <message>
        <source>Rate, unit and columns of this file</source>
        <translation>इस फ़ाइल की दर, इकाई और स्तंभ</translation>
    </message>
    <message>
        <source>For tables and arrays. Other files say themselves what they are</source>
        <translation>तालिकाओं और सरणियों के लिए। दूसरी फ़ाइलें ख़ुद बताती हैं कि वे क्या हैं</translation>
    </message>
    <message>
        <source>Import settings…</source>
        <translation>आयात की सेटिंग…</translation>
    </message>
</context>
<context>
    <name>PageStrip</name>
    <message>
        <source>Pages</source>
        <translation>पन्ने</translation>
    </message>
    <message>
        <source>Clean this page too</source>
        <translation>यह पन्ना भी साफ़ करें</translation>
    </message>
    <message>
        <source>Leave this page out</source>
        <translation>यह पन्ना छोड़ दें</translation>
    </message>
    <message>
        <source>Clean only this page</source>
        <translation>सिर्फ़ यह पन्ना साफ़ करें</translation>
    </message>
    <message>
        <source>Clean all pages</source>
        <translation>सभी पन्ने साफ़ करें</translation>
    </message>
</context>
<context>
    <name>Pane</name>
    <message>
        <source>Clean {things}</source>
        <translation>{things} साफ़ करें</translation>
    </message>
    <message>
        <source>Cleaning…</source>
        <translation>साफ़ हो रहा है…</translation>
    </message>
    <message>
        <source>Clean {things} again</source>
        <translation>{things} फिर साफ़ करें</translation>
    </message>
    <message>
        <source>Clean again</source>
        <translation>फिर साफ़ करें</translation>
    </message>
    <message>
        <source>Ctrl+Return. Cleans what is not cleaned yet, or the selected files again with other settings (Ctrl+A selects all).</source>
        <translation>Ctrl+Return. जो अभी साफ़ नहीं हुआ उसे साफ़ करता है, या चुनी फ़ाइलों को नई सेटिंग्स से फिर (Ctrl+A सब चुनता है)।</translation>
    </message>
</context>
<context>
    <name>PicturePill</name>
    <message>
        <source>Zoom {0}, show actual pixels</source>
        <translation>ज़ूम {0}, असली पिक्सेल दिखाएँ</translation>
    </message>
    <message>
        <source>Wipe</source>
        <translation>पर्दा</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>साथ-साथ</translation>
    </message>
    <message>
        <source>Removed</source>
        <translation>हटाया गया</translation>
    </message>
    <message>
        <source>Drag the line between before and after (W)</source>
        <translation>पहले और बाद के बीच की रेखा खिसकाएँ (W)</translation>
    </message>
    <message>
        <source>Before and after beside each other (S)</source>
        <translation>पहले और बाद साथ-साथ (S)</translation>
    </message>
    <message>
        <source>What was taken out, four times as strong (R)</source>
        <translation>जो निकाला गया, चार गुना तेज़ (R)</translation>
    </message>
    <message>
        <source>Hold Space to see the original</source>
        <translation>मूल देखने के लिए Space दबाए रखें</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>पूरा</translation>
    </message>
    <message>
        <source>Zoom out (−)</source>
        <translation>छोटा करें (−)</translation>
    </message>
    <message>
        <source>Zoom in (+)</source>
        <translation>बड़ा करें (+)</translation>
    </message>
    <message>
        <source>Actual pixels (1)</source>
        <translation>असली पिक्सेल (1)</translation>
    </message>
    <message>
        <source>Fit the view (0 or F)</source>
        <translation>पूरा दिखाएँ (0 या F)</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>छोटा करें</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>बड़ा करें</translation>
    </message>
    <message>
        <source>Fit the view</source>
        <translation>पूरा दिखाएँ</translation>
    </message>
</context>
<context>
    <name>PictureView</name>
    <message>
        <source>Compare view</source>
        <translation>तुलना</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>पहले</translation>
    </message>
    <message>
        <source>After</source>
        <translation>बाद में</translation>
    </message>
    <message>
        <source>Removed</source>
        <translation>हटाया गया</translation>
    </message>
</context>
<context>
    <name>PictureWords</name>
    <message>
        <source>No picture</source>
        <translation>कोई चित्र नहीं</translation>
    </message>
    <message>
        <source>Before only, zoom {0} %</source>
        <translation>केवल पहले, ज़ूम {0} %</translation>
    </message>
    <message>
        <source>Before left and after right of {0} %, zoom {1} %</source>
        <translation>{0} % के बाएँ पहले और दाएँ बाद में, ज़ूम {1} %</translation>
    </message>
    <message>
        <source>Side by side, zoom {0} %</source>
        <translation>साथ-साथ, ज़ूम {0} %</translation>
    </message>
    <message>
        <source>What was removed, zoom {0} %</source>
        <translation>जो हटाया गया, ज़ूम {0} %</translation>
    </message>
</context>
<context>
    <name>QueueColumn</name>
    <message>
        <source>Browse files… (Ctrl+O)</source>
        <translation>फ़ाइलें चुनें… (Ctrl+O)</translation>
    </message>
    <message>
        <source>Add files</source>
        <translation>फ़ाइलें जोड़ें</translation>
    </message>
    <message>
        <source>{n} cleaned</source>
        <translation>{n} साफ़ हुईं</translation>
    </message>
    <message>
        <source>Open result</source>
        <translation>परिणाम खोलें</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>फ़ोल्डर में दिखाएँ</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>पथ कॉपी करें</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>विवरण कॉपी करें</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>फिर कोशिश करें</translation>
    </message>
    <message>
        <source>Remove from the list</source>
        <translation>सूची से हटाएँ</translation>
    </message>
</context>
<context>
    <name>QueueView</name>
    <message>
        <source>Files</source>
        <translation>फ़ाइलें</translation>
    </message>
</context>
<context>
    <name>SaveBox</name>
    <message>
        <source>Save to</source>
        <translation>यहाँ सहेजें</translation>
    </message>
    <message>
        <source>Name pattern of the results</source>
        <translation>परिणामों के नाम का ढाँचा</translation>
    </message>
    <message>
        <source>Beside the original</source>
        <translation>मूल के पास</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>फ़ोल्डर चुनें…</translation>
    </message>
    <message>
        <source>Results are saved beside their originals</source>
        <translation>परिणाम अपने मूल के पास सहेजे जाते हैं</translation>
    </message>
    <message>
        <source>For example {name}</source>
        <translation>जैसे {name}</translation>
    </message>
    <message>
        <source>Save results to</source>
        <translation>परिणाम यहाँ सहेजें</translation>
    </message>
</context>
<context>
    <name>SessionBanner</name>
    <message>
        <source>Discard</source>
        <translation>छोड़ दें</translation>
    </message>
    <message>
        <source>A model for {task} of {when} is ready, but not kept yet.</source>
        <translation>{task} के लिए {when} का मॉडल तैयार है, पर अभी रखा नहीं गया।</translation>
    </message>
    <message>
        <source>A training for {task} of {when} was interrupted.</source>
        <translation>{task} के लिए {when} का सीखना बीच में रुक गया था।</translation>
    </message>
    <message>
        <source>Look at it</source>
        <translation>उसे देखें</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>आगे बढ़ाएँ</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Like the system</source>
        <translation>सिस्टम जैसा</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>हल्का</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>गहरा</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>रंग</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>भाषा</translation>
    </message>
    <message>
        <source>Clean as soon as dropped</source>
        <translation>छोड़ते ही साफ़ करें</translation>
    </message>
    <message>
        <source>Keep metadata: camera, date, colour profile, place</source>
        <translation>मेटाडेटा रखें: कैमरा, तारीख, रंग प्रोफ़ाइल, जगह</translation>
    </message>
    <message>
        <source>Open the log folder</source>
        <translation>लॉग फ़ोल्डर खोलें</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>सेटिंग्स</translation>
    </message>
    <message>
        <source>The language changes at the next start.</source>
        <translation>भाषा अगली बार शुरू करने पर बदलेगी।</translation>
    </message>
    <message>
        <source>Looks</source>
        <translation>रूप</translation>
    </message>
    <message>
        <source>Cleaning</source>
        <translation>सफ़ाई</translation>
    </message>
    <message>
        <source>Save results to</source>
        <translation>परिणाम यहाँ सहेजें</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>कुंजियाँ</translation>
    </message>
    <message>
        <source>Desktop AE {version}</source>
        <translation>Desktop AE {version}</translation>
    </message>
    <message>
        <source>Nothing leaves this computer: there is no account, no network and no telemetry. Originals are never changed.</source>
        <translation>कुछ भी इस कंप्यूटर से बाहर नहीं जाता: न खाता, न नेटवर्क, न टेलीमेट्री। मूल फ़ाइलें कभी नहीं बदली जातीं।</translation>
    </message>
    <message>
        <source>About</source>
        <translation>परिचय</translation>
    </message>
    <message>
        <source>Record in each result what made it</source>
        <translation>हर परिणाम में लिखें कि वह किससे बना</translation>
    </message>
    <message>
        <source>Program, model and settings: nothing about you</source>
        <translation>प्रोग्राम, मॉडल और सेटिंग्स: आपके बारे में कुछ नहीं</translation>
    </message>
</context>
<context>
    <name>SmallDropArea</name>
    <message>
        <source>Drop more {things} or folders</source>
        <translation>और {things} या फ़ोल्डर यहाँ छोड़ें</translation>
    </message>
    <message>
        <source>Browse files… (Ctrl+O)</source>
        <translation>फ़ाइलें चुनें… (Ctrl+O)</translation>
    </message>
</context>
<context>
    <name>PictureStage</name>
    <message>
        <source>Zoom in to preview</source>
        <translation>झलक के लिए बड़ा करें</translation>
    </message>
    <message>
        <source>Page {n} of {pages}</source>
        <translation>{pages} में से पन्ना {n}</translation>
    </message>
</context>
<context>
    <name>SoundOverview</name>
    <message>
        <source>Whole recording</source>
        <translation>पूरी रिकॉर्डिंग</translation>
    </message>
    <message>
        <source>Drag to move, wheel to zoom, double-click for all of it (F)</source>
        <translation>खिसकाने के लिए घसीटें, छोटा-बड़ा करने के लिए पहिया, पूरी देखने के लिए दो बार क्लिक (F)</translation>
    </message>
</context>
<context>
    <name>SoundStage</name>
    <message>
        <source>A preview of this part is being made…</source>
        <translation>इस हिस्से की झलक बन रही है…</translation>
    </message>
    <message>
        <source>Preview of {span}. Zoom in for more</source>
        <translation>{span} की झलक। ज़्यादा के लिए बड़ा करें</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>झलक</translation>
    </message>
    <message>
        <source>Not cleaned here yet: you hear the original</source>
        <translation>यहाँ अभी साफ़ नहीं हुआ: आप मूल सुन रहे हैं</translation>
    </message>
    <message>
        <source>Reading the recording · {n} %</source>
        <translation>रिकॉर्डिंग पढ़ी जा रही है · {n} %</translation>
    </message>
</context>
<context>
    <name>SoundTransport</name>
    <message>
        <source>Stop</source>
        <translation>बंद करें</translation>
    </message>
    <message>
        <source>Back to where it began (S)</source>
        <translation>जहाँ से शुरू हुई थी वहाँ लौटें (S)</translation>
    </message>
    <message>
        <source>Loop</source>
        <translation>दोहराएँ</translation>
    </message>
    <message>
        <source>Play the selection, or all of it, again and again (L)</source>
        <translation>चयन को, या पूरी रिकॉर्डिंग को, बार-बार चलाएँ (L)</translation>
    </message>
    <message>
        <source>Equal loudness</source>
        <translation>बराबर आवाज़</translation>
    </message>
    <message>
        <source>Before and after equally loud, so that louder does not pass for better (M)</source>
        <translation>पहले और बाद की आवाज़ बराबर, ताकि तेज़ को बेहतर न समझा जाए (M)</translation>
    </message>
    <message>
        <source>Volume in percent</source>
        <translation>आवाज़ प्रतिशत में</translation>
    </message>
    <message>
        <source>Volume {n} % (Up, Down)</source>
        <translation>आवाज़ {n} % (ऊपर, नीचे)</translation>
    </message>
    <message>
        <source>Hear the original (B)</source>
        <translation>मूल सुनें (B)</translation>
    </message>
    <message>
        <source>Hear what is left (A)</source>
        <translation>जो बचा उसे सुनें (A)</translation>
    </message>
    <message>
        <source>Hear what was taken out (R)</source>
        <translation>जो हटाया गया उसे सुनें (R)</translation>
    </message>
    <message>
        <source>X goes from one to the next, without a jump</source>
        <translation>X से एक के बाद दूसरा, बिना रुके</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>रोकें</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>चलाएँ</translation>
    </message>
    <message>
        <source>Play or pause (Space)</source>
        <translation>चलाएँ या रोकें (Space)</translation>
    </message>
    <message>
        <source>No sound device: nothing can be heard, but cleaning works.</source>
        <translation>ध्वनि उपकरण नहीं है: कुछ सुनाई नहीं देगा, पर सफ़ाई होती है।</translation>
    </message>
</context>
<context>
    <name>SoundView</name>
    <message>
        <source>Compare view</source>
        <translation>तुलना</translation>
    </message>
</context>
<context>
    <name>SoundWords</name>
    <message>
        <source>Before</source>
        <translation>पहले</translation>
    </message>
    <message>
        <source>After</source>
        <translation>बाद में</translation>
    </message>
    <message>
        <source>Removed</source>
        <translation>हटाया गया</translation>
    </message>
    <message>
        <source>No recording</source>
        <translation>कोई रिकॉर्डिंग नहीं</translation>
    </message>
    <message>
        <source>{span} is shown, {version} is heard, at {time}</source>
        <translation>{span} दिख रहा है, {version} सुनाई दे रहा है, {time} पर</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Starting…</source>
        <translation>शुरू हो रहा है…</translation>
    </message>
    <message>
        <source>Progress of the whole queue</source>
        <translation>पूरी कतार की प्रगति</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>ठहरें</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>रोकें</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>फिर चलाएँ</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{total} में से {done}</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>ठहरा हुआ</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>{time} बाकी</translation>
    </message>
</context>
<context>
    <name>StepFrame</name>
    <message>
        <source>Back</source>
        <translation>पीछे</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>आगे</translation>
    </message>
</context>
<context>
    <name>Stepper</name>
    <message>
        <source>Step {n} of {all}: {name}</source>
        <translation>{all} में से चरण {n}: {name}</translation>
    </message>
</context>
<context>
    <name>TaskStep</name>
    <message>
        <source>What should it learn?</source>
        <translation>क्या सीखना है?</translation>
    </message>
    <message>
        <source>A model can get better at your kind of files: your camera, your scanner, your room. You show it some, it learns from them on this computer, and in the end you see whether it helped. The model that you start from stays as it is.</source>
        <translation>मॉडल आपकी तरह की फ़ाइलों में बेहतर हो सकता है: आपका कैमरा, आपका स्कैनर, आपका कमरा। आप कुछ फ़ाइलें दिखाते हैं, वह इसी कंप्यूटर पर उनसे सीखता है, और अंत में आप देखते हैं कि लाभ हुआ या नहीं। जिस मॉडल से शुरू करते हैं वह जैसा है वैसा रहता है।</translation>
    </message>
    <message>
        <source>Model to start from</source>
        <translation>शुरुआती मॉडल</translation>
    </message>
    <message>
        <source>Start from</source>
        <translation>यहाँ से शुरू</translation>
    </message>
    <message>
        <source>No model here can learn.</source>
        <translation>यहाँ कोई मॉडल सीख नहीं सकता।</translation>
    </message>
</context>
<context>
    <name>TimeStep</name>
    <message>
        <source>How long may it take?</source>
        <translation>कितना समय लग सकता है?</translation>
    </message>
    <message>
        <source>Measured on this computer a moment ago. It ends sooner if it stops getting better. Meanwhile you can go on cleaning, pause it, end it early, or close the program and go on another day.</source>
        <translation>अभी इसी कंप्यूटर पर नापा गया। बेहतर होना रुक जाए तो पहले पूरा हो जाता है। इस बीच आप सफ़ाई जारी रख सकते हैं, इसे रोक सकते हैं, जल्दी पूरा कर सकते हैं, या प्रोग्राम बंद करके किसी और दिन आगे बढ़ा सकते हैं।</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>और विकल्प</translation>
    </message>
    <message>
        <source>Minutes of learning</source>
        <translation>सीखने के मिनट</translation>
    </message>
    <message>
        <source>min</source>
        <translation>मिनट</translation>
    </message>
    <message>
        <source>Quick</source>
        <translation>जल्दी</translation>
    </message>
    <message>
        <source>A first try: it shows whether there is something to be learned.</source>
        <translation>पहली कोशिश: दिखाती है कि सीखने को कुछ है या नहीं।</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>संतुलित</translation>
    </message>
    <message>
        <source>Right for most: the better part of what can be gained.</source>
        <translation>अधिकतर के लिए ठीक: जो लाभ हो सकता है उसका बड़ा हिस्सा।</translation>
    </message>
    <message>
        <source>Thorough</source>
        <translation>पूरी तरह</translation>
    </message>
    <message>
        <source>The last bit, for a model that you will use for long.</source>
        <translation>आख़िरी कसर, ऐसे मॉडल के लिए जिसे आप लंबे समय तक काम में लेंगे।</translation>
    </message>
</context>
<context>
    <name>VerdictCard</name>
    <message>
        <source>On other material: {gain} against the starting model</source>
        <translation>दूसरी सामग्री पर: शुरुआती मॉडल से {gain}</translation>
    </message>
    <message>
        <source>No better: not worth keeping</source>
        <translation>बेहतर नहीं: रखने लायक नहीं</translation>
    </message>
    <message>
        <source>Is it better?</source>
        <translation>क्या यह बेहतर है?</translation>
    </message>
    <message>
        <source>Doing nothing</source>
        <translation>कुछ न करना</translation>
    </message>
    <message>
        <source>Classical filter</source>
        <translation>पारंपरिक फ़िल्टर</translation>
    </message>
    <message>
        <source>Starting model</source>
        <translation>शुरुआती मॉडल</translation>
    </message>
    <message>
        <source>Tuned model</source>
        <translation>सिखाया मॉडल</translation>
    </message>
    <message>
        <source>Better: worth keeping</source>
        <translation>बेहतर: रखने लायक</translation>
    </message>
    <message>
        <source>Worse: do not keep it</source>
        <translation>बदतर: न रखें</translation>
    </message>
    <message>
        <source>{figure}, on 1 kept-back file</source>
        <translation>{figure}, अलग रखी 1 फ़ाइल पर</translation>
    </message>
    <message>
        <source>{figure}, on {n} kept-back files</source>
        <translation>{figure}, अलग रखी {n} फ़ाइलों पर</translation>
    </message>
    <message>
        <source>Gain by file, worst first</source>
        <translation>हर फ़ाइल का लाभ, सबसे कम पहले</translation>
    </message>
    <message>
        <source>Better here, but read on</source>
        <translation>यहाँ बेहतर, पर आगे पढ़ें</translation>
    </message>
    <message>
        <source>{figure}, estimated on 1 kept-back file</source>
        <translation>{figure}, अलग रखी 1 फ़ाइल पर अनुमान</translation>
    </message>
    <message>
        <source>{figure}, estimated on {n} kept-back files</source>
        <translation>{figure}, अलग रखी {n} फ़ाइलों पर अनुमान</translation>
    </message>
    <message>
        <source>and {n} more</source>
        <translation>और {n} अन्य</translation>
    </message>
</context>
<context>
    <name>VerdictStep</name>
    <message>
        <source>Is it better?</source>
        <translation>क्या यह बेहतर है?</translation>
    </message>
    <message>
        <source>Measured on files that were kept back: it has never learned from them.</source>
        <translation>अलग रखी फ़ाइलों पर नापा गया: उनसे इसने कभी नहीं सीखा।</translation>
    </message>
    <message>
        <source>Do not keep</source>
        <translation>न रखें</translation>
    </message>
    <message>
        <source>Keep it…</source>
        <translation>रखें…</translation>
    </message>
</context>
<context>
    <name>Wording</name>
    <message>
        <source>Not cleaned yet</source>
        <translation>अभी साफ़ नहीं हुई</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>प्रतीक्षा में</translation>
    </message>
    <message>
        <source>Page {n} of {pages}</source>
        <translation>{pages} में से पन्ना {n}</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>{time} बाकी</translation>
    </message>
    <message>
        <source>Cleaning · {time} left</source>
        <translation>साफ़ हो रही है · {time} बाकी</translation>
    </message>
    <message>
        <source>Cleaning</source>
        <translation>सफ़ाई</translation>
    </message>
    <message>
        <source>Cleaned · {time}</source>
        <translation>साफ़ हुई · {time}</translation>
    </message>
    <message>
        <source>Already clean, left alone</source>
        <translation>पहले से साफ़, वैसी ही छोड़ी</translation>
    </message>
    <message>
        <source>Cleaned before with these settings</source>
        <translation>इन्हीं सेटिंग्स से पहले साफ़ हो चुकी</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>रोकी गई</translation>
    </message>
    <message>
        <source>Cleaned</source>
        <translation>साफ़ हुई</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>छोड़ा गया</translation>
    </message>
    <message>
        <source>Already clean</source>
        <translation>पहले से साफ़</translation>
    </message>
    <message>
        <source>Left as it is. {why}</source>
        <translation>जैसा था वैसा ही रहा। {why}</translation>
    </message>
    <message>
        <source>Page {n}</source>
        <translation>पन्ना {n}</translation>
    </message>
    <message>
        <source>{n} s</source>
        <translation>{n} से.</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} मिनट</translation>
    </message>
    <message>
        <source>{n} h</source>
        <translation>{n} घंटे</translation>
    </message>
    <message>
        <source>1 file</source>
        <translation>1 फ़ाइल</translation>
    </message>
    <message>
        <source>{n} files</source>
        <translation>{n} फ़ाइलें</translation>
    </message>
    <message>
        <source>{n} cleaned</source>
        <translation>{n} साफ़ हुईं</translation>
    </message>
    <message>
        <source>{n} already clean</source>
        <translation>{n} पहले से साफ़</translation>
    </message>
    <message>
        <source>{n} cleaned before</source>
        <translation>{n} पहले साफ़ हो चुकीं</translation>
    </message>
    <message>
        <source>{n} stopped</source>
        <translation>{n} रोकी गईं</translation>
    </message>
    <message>
        <source>{n} failed</source>
        <translation>{n} विफल</translation>
    </message>
    <message>
        <source>Nothing to clean</source>
        <translation>साफ़ करने को कुछ नहीं</translation>
    </message>
    <message>
        <source>Takes out all the noise it finds</source>
        <translation>जितना शोर मिले सब निकालता है</translation>
    </message>
    <message>
        <source>Leaves a little of the noise in</source>
        <translation>थोड़ा शोर रहने देता है</translation>
    </message>
    <message>
        <source>Leaves about half of the noise in</source>
        <translation>लगभग आधा शोर रहने देता है</translation>
    </message>
    <message>
        <source>Takes out only a touch of noise</source>
        <translation>बस ज़रा-सा शोर निकालता है</translation>
    </message>
    <message>
        <source>Leaves everything as it is</source>
        <translation>सब वैसा ही छोड़ता है</translation>
    </message>
    <message>
        <source>nothing found in {n}</source>
        <translation>{n} में कुछ नहीं मिला</translation>
    </message>
    <message>
        <source>Takes out all that is marked</source>
        <translation>जिस पर निशान है वह सब हटाता है</translation>
    </message>
    <message>
        <source>Leaves a trace of what is marked</source>
        <translation>जिस पर निशान है उसका हल्का अंश रहने देता है</translation>
    </message>
    <message>
        <source>Leaves about half of what is marked</source>
        <translation>जिस पर निशान है उसका लगभग आधा रहने देता है</translation>
    </message>
    <message>
        <source>Makes what is marked only a little fainter</source>
        <translation>जिस पर निशान है उसे बस थोड़ा हल्का करता है</translation>
    </message>
</context>
<context>
    <name>_Lock</name>
    <message>
        <source>Password</source>
        <translation>पासवर्ड</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>खोलें</translation>
    </message>
    <message>
        <source>This password does not open it. Try another one.</source>
        <translation>यह पासवर्ड इसे नहीं खोलता। दूसरा आज़माएँ।</translation>
    </message>
</context>
<context>
    <name>_Measured</name>
    <message>
        <source>Measured</source>
        <translation>माप</translation>
    </message>
</context>
</TS>
