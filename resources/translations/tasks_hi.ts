<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="hi">
  <context>
    <name>Task</name>
    <message>
      <source>Photos</source>
      <translation>तस्वीरें</translation>
    </message>
    <message>
      <source>photo</source>
      <translation>तस्वीर</translation>
    </message>
    <message>
      <source>photos</source>
      <translation>तस्वीरें</translation>
    </message>
    <message>
      <source>Drop noisy photos here and get clean ones back.</source>
      <translation>शोर वाली तस्वीरें यहाँ छोड़ें और साफ़ तस्वीरें पाएँ।</translation>
    </message>
    <message>
      <source>Noise found</source>
      <translation>मिला शोर</translation>
    </message>
    <message>
      <source>Removed</source>
      <translation>हटाया गया</translation>
    </message>
    <message>
      <source>none</source>
      <translation>नहीं</translation>
    </message>
    <message>
      <source>slight</source>
      <translation>हल्का</translation>
    </message>
    <message>
      <source>moderate</source>
      <translation>मध्यम</translation>
    </message>
    <message>
      <source>strong</source>
      <translation>तेज़</translation>
    </message>
    <message>
      <source>very strong</source>
      <translation>बहुत तेज़</translation>
    </message>
    <message>
      <source>slight, colour</source>
      <translation>हल्का, रंगीन</translation>
    </message>
    <message>
      <source>moderate, colour</source>
      <translation>मध्यम, रंगीन</translation>
    </message>
    <message>
      <source>strong, colour</source>
      <translation>तेज़, रंगीन</translation>
    </message>
    <message>
      <source>very strong, colour</source>
      <translation>बहुत तेज़, रंगीन</translation>
    </message>
    <message>
      <source>Documents</source>
      <translation>दस्तावेज़</translation>
    </message>
    <message>
      <source>document</source>
      <translation>दस्तावेज़</translation>
    </message>
    <message>
      <source>documents</source>
      <translation>दस्तावेज़</translation>
    </message>
    <message>
      <source>Drop scans, PDFs or photos of pages here and get them back clean and sharp.</source>
      <translation>स्कैन, PDF या पन्नों की तस्वीरें यहाँ छोड़ें और उन्हें साफ़ और स्पष्ट वापस पाएँ।</translation>
    </message>
    <message>
      <source>Stains and noise</source>
      <translation>दाग़ और शोर</translation>
    </message>
    <message>
      <source>Result</source>
      <translation>नतीजा</translation>
    </message>
    <message>
      <source>Keep colour</source>
      <translation>रंगीन</translation>
    </message>
    <message>
      <source>Grey</source>
      <translation>स्लेटी</translation>
    </message>
    <message>
      <source>Black and white</source>
      <translation>श्वेत-श्याम</translation>
    </message>
    <message>
      <source>Black and white makes the smallest PDF and TIFF files.</source>
      <translation>श्वेत-श्याम से सबसे छोटी PDF और TIFF फ़ाइलें बनती हैं।</translation>
    </message>
    <message>
      <source>Already clean, left alone</source>
      <translation>पहले से साफ़, वैसी ही छोड़ी</translation>
    </message>
    <message>
      <source>All pages are left out</source>
      <translation>सभी पन्ने छोड़े गए हैं</translation>
    </message>
    <message>
      <source>There is nothing to clean in this file.</source>
      <translation>इस फ़ाइल में साफ़ करने को कुछ नहीं है।</translation>
    </message>
    <message>
      <source>This page is text already.</source>
      <translation>यह पन्ना पहले से टेक्स्ट है।</translation>
    </message>
    <message>
      <source>This page&apos;s picture is damaged.</source>
      <translation>इस पन्ने का चित्र ख़राब है।</translation>
    </message>
    <message>
      <source>This page&apos;s content is damaged.</source>
      <translation>इस पन्ने की सामग्री ख़राब है।</translation>
    </message>
    <message>
      <source>This page&apos;s picture cannot be taken apart from its mask.</source>
      <translation>इस पन्ने का चित्र उसके मास्क से अलग नहीं किया जा सकता।</translation>
    </message>
    <message>
      <source>This page is larger than 400 megapixels.</source>
      <translation>यह पन्ना 400 मेगापिक्सेल से बड़ा है।</translation>
    </message>
    <message>
      <source>This page would take much more space when cleaned.</source>
      <translation>साफ़ करने पर यह पन्ना बहुत ज़्यादा जगह लेगा।</translation>
    </message>
    <message>
      <source>This page shows no scan.</source>
      <translation>इस पन्ने पर कोई स्कैन नहीं है।</translation>
    </message>
    <message>
      <source>This page shows text or drawings beside its picture.</source>
      <translation>इस पन्ने पर चित्र के साथ टेक्स्ट या रेखाचित्र भी हैं।</translation>
    </message>
    <message>
      <source>Straighten</source>
      <translation>सीधा करें</translation>
    </message>
    <message>
      <source>Turns pages whose lines are not level.</source>
      <translation>जिन पन्नों की पंक्तियाँ तिरछी हैं उन्हें घुमाता है।</translation>
    </message>
    <message>
      <source>Whiten dark borders</source>
      <translation>गहरे किनारे सफ़ेद करें</translation>
    </message>
    <message>
      <source>What a scanner adds around the paper.</source>
      <translation>स्कैनर काग़ज़ के चारों ओर जो जोड़ देता है।</translation>
    </message>
    <message>
      <source>Remove specks</source>
      <translation>छोटे धब्बे हटाएँ</translation>
    </message>
    <message>
      <source>Dots and accents stay.</source>
      <translation>बिंदु और मात्राएँ बनी रहती हैं।</translation>
    </message>
    <message>
      <source>Watermarks</source>
      <translation>वॉटरमार्क</translation>
    </message>
    <message>
      <source>picture</source>
      <translation>चित्र</translation>
    </message>
    <message>
      <source>pictures</source>
      <translation>चित्र</translation>
    </message>
    <message>
      <source>Drop pictures with a watermark, a stamp or a date here and get them without.</source>
      <translation>वॉटरमार्क, मुहर या तारीख़ वाले चित्र यहाँ छोड़ें और उनके बिना पाएँ।</translation>
    </message>
    <message>
      <source>For pictures you own or may edit.</source>
      <translation>उन चित्रों के लिए जो आपके हैं या जिन्हें आप बदल सकते हैं।</translation>
    </message>
    <message>
      <source>Nothing found, left alone</source>
      <translation>कुछ नहीं मिला, वैसा ही छोड़ा</translation>
    </message>
    <message>
      <source>Save the mask</source>
      <translation>मास्क भी सहेजें</translation>
    </message>
    <message>
      <source>Beside the result, as a picture: white where something was changed.</source>
      <translation>नतीजे के पास, चित्र के रूप में: जहाँ कुछ बदला गया वहाँ सफ़ेद।</translation>
    </message>
    <message>
      <source>Overlay</source>
      <translation>ओवरले</translation>
    </message>
    <message>
      <source>none found</source>
      <translation>नहीं मिला</translation>
    </message>
    <message>
      <source>Audio</source>
      <translation>ध्वनि</translation>
    </message>
    <message>
      <source>recording</source>
      <translation>रिकॉर्डिंग</translation>
    </message>
    <message>
      <source>recordings</source>
      <translation>रिकॉर्डिंग</translation>
    </message>
    <message>
      <source>Drop interviews, lectures, memos or old tapes here and get the voice without noise.</source>
      <translation>साक्षात्कार, व्याख्यान, मेमो या पुराने टेप यहाँ छोड़ें और बिना शोर की आवाज़ पाएँ।</translation>
    </message>
    <message>
      <source>Keep ambience</source>
      <translation>माहौल रखें</translation>
    </message>
    <message>
      <source>Leaves a quarter of the noise, so that pauses do not fall silent.</source>
      <translation>एक चौथाई शोर छोड़ता है, ताकि विराम सुनसान न लगें।</translation>
    </message>
    <message>
      <source>Hum found</source>
      <translation>भनभनाहट का शोर</translation>
    </message>
    <message>
      <source>No hum found, left alone</source>
      <translation>भनभनाहट नहीं मिली, वैसी ही छोड़ी</translation>
    </message>
    <message>
      <source>nothing</source>
      <translation>कुछ नहीं</translation>
    </message>
    <message>
      <source>{n} dB below the sound</source>
      <translation>ध्वनि से {n} dB नीचे</translation>
    </message>
    <message>
      <source>Hum only</source>
      <translation>केवल भनभनाहट</translation>
    </message>
    <message>
      <source>Takes out mains hum of 50 or 60 Hz with its harmonics, and nothing else.</source>
      <translation>50 या 60 Hz की बिजली की भनभनाहट और उसके गुणज हटाता है, और कुछ नहीं।</translation>
    </message>
    <message>
      <source>small</source>
      <translation>छोटा</translation>
    </message>
    <message>
      <source>large</source>
      <translation>बड़ा</translation>
    </message>
    <message>
      <source>all over</source>
      <translation>हर जगह</translation>
    </message>
    <message>
      <source>Changed</source>
      <translation>बदला गया</translation>
    </message>
    <message>
      <source>ECG</source>
      <translation>ECG</translation>
    </message>
    <message>
      <source>Drop ECG recordings here and get them without wander, muscle and mains noise.</source>
      <translation>यहाँ ECG की रिकॉर्डिंग छोड़ें और उन्हें आधार-रेखा के भटकाव, मांसपेशियों और बिजली के शोर के बिना पाएँ।</translation>
    </message>
    <message>
      <source>For study and research. This is no medical device: do not diagnose from its results.</source>
      <translation>अध्ययन और शोध के लिए। यह कोई चिकित्सा उपकरण नहीं है: इसके नतीजों से रोग की पहचान न करें।</translation>
    </message>
    <message>
      <source>Heart rate</source>
      <translation>हृदय गति</translation>
    </message>
    <message>
      <source>QRS height</source>
      <translation>QRS की ऊँचाई</translation>
    </message>
    <message>
      <source>ST level</source>
      <translation>ST का स्तर</translation>
    </message>
    <message>
      <source>Samples a second</source>
      <translation>प्रति सेकंड नमूने</translation>
    </message>
    <message>
      <source>Where the file does not say it.</source>
      <translation>जहाँ फ़ाइल यह नहीं बताती।</translation>
    </message>
    <message>
      <source>Unit</source>
      <translation>इकाई</translation>
    </message>
    <message>
      <source>mV, uV or V, where the file does not say it.</source>
      <translation>mV, uV या V, जहाँ फ़ाइल यह नहीं बताती।</translation>
    </message>
    <message>
      <source>ECG columns</source>
      <translation>ECG के स्तंभ</translation>
    </message>
    <message>
      <source>Names or numbers, with commas between.</source>
      <translation>नाम या संख्याएँ, बीच में अल्पविराम।</translation>
    </message>
    <message>
      <source>Time column</source>
      <translation>समय का स्तंभ</translation>
    </message>
    <message>
      <source>Its name or number.</source>
      <translation>उसका नाम या उसकी संख्या।</translation>
    </message>
    <message>
      <source>Everything this task knows</source>
      <translation>जो कुछ यह काम जानता है</translation>
    </message>
    <message>
      <source>Fine grain, even everywhere (Gaussian)</source>
      <translation>हर जगह एक-सा बारीक शोर (गाउसी)</translation>
    </message>
    <message>
      <source>Speckle, stronger where it is bright</source>
      <translation>धब्बेदार शोर, उजले में अधिक</translation>
    </message>
    <message>
      <source>Single black and white pixels</source>
      <translation>इक्के-दुक्के काले और सफ़ेद पिक्सेल</translation>
    </message>
    <message>
      <source>Stripes across or down</source>
      <translation>आड़ी या खड़ी धारियाँ</translation>
    </message>
    <message>
      <source>Coarse film grain</source>
      <translation>फ़िल्म का मोटा दाना</translation>
    </message>
    <message>
      <source>Blocks of strong JPEG compression</source>
      <translation>अधिक JPEG संपीडन के चौकोर धब्बे</translation>
    </message>
    <message>
      <source>Mains hum</source>
      <translation>बिजली की गुनगुनाहट</translation>
    </message>
    <message>
      <source>Hiss</source>
      <translation>सरसराहट</translation>
    </message>
    <message>
      <source>Crackle and clicks</source>
      <translation>चटचटाहट</translation>
    </message>
    <message>
      <source>Echo of a room</source>
      <translation>कमरे की गूँज</translation>
    </message>
    <message>
      <source>Telephone line</source>
      <translation>टेलीफ़ोन लाइन</translation>
    </message>
    <message>
      <source>Low bit rate</source>
      <translation>कम बिट दर</translation>
    </message>
    <message>
      <source>Baseline wander</source>
      <translation>आधार रेखा का भटकाव</translation>
    </message>
    <message>
      <source>Muscle noise</source>
      <translation>मांसपेशियों का शोर</translation>
    </message>
    <message>
      <source>Shadows, uneven light, coloured paper</source>
      <translation>परछाइयाँ, असमान रोशनी, रंगीन काग़ज़</translation>
    </message>
    <message>
      <source>Stains and rings of cups</source>
      <translation>दाग़ और कप के छल्ले</translation>
    </message>
    <message>
      <source>Print from the back that shines through</source>
      <translation>पीछे से झलकती छपाई</translation>
    </message>
    <message>
      <source>Faint or blurred print, low contrast</source>
      <translation>फीकी या धुंधली छपाई, कम कंट्रास्ट</translation>
    </message>
    <message>
      <source>Specks, streaks and noise of scanners and copiers</source>
      <translation>स्कैनर और कॉपियर के कण, लकीरें और शोर</translation>
    </message>
    <message>
      <source>What an overlay hides is in none of these pictures, so it cannot be learned from them: give each picture without it as well, or clean pictures alone.</source>
      <translation>ऊपर छपी चीज़ जो छिपाती है वह इन चित्रों में कहीं नहीं है, इसलिए इनसे सीखा नहीं जा सकता: हर चित्र उसके बिना भी दें, या केवल साफ़ चित्र दें।</translation>
    </message>
    <message>
      <source>Better: {0} dB more than the starting model, on {1} kept-back file.</source>
      <translation>बेहतर: शुरुआती मॉडल से {0} dB अधिक, अलग रखी {1} फ़ाइल पर।</translation>
    </message>
    <message>
      <source>Better: {0} dB more than the starting model, on {1} kept-back files.</source>
      <translation>बेहतर: शुरुआती मॉडल से {0} dB अधिक, अलग रखी {1} फ़ाइलों पर।</translation>
    </message>
    <message>
      <source>Worse: {0} dB less than the starting model, on {1} kept-back file.</source>
      <translation>बदतर: शुरुआती मॉडल से {0} dB कम, अलग रखी {1} फ़ाइल पर।</translation>
    </message>
    <message>
      <source>Worse: {0} dB less than the starting model, on {1} kept-back files.</source>
      <translation>बदतर: शुरुआती मॉडल से {0} dB कम, अलग रखी {1} फ़ाइलों पर।</translation>
    </message>
    <message>
      <source>No better than the starting model ({0} dB), on {1} kept-back file.</source>
      <translation>शुरुआती मॉडल से बेहतर नहीं ({0} dB), अलग रखी {1} फ़ाइल पर।</translation>
    </message>
    <message>
      <source>No better than the starting model ({0} dB), on {1} kept-back files.</source>
      <translation>शुरुआती मॉडल से बेहतर नहीं ({0} dB), अलग रखी {1} फ़ाइलों पर।</translation>
    </message>
    <message>
      <source>There are no clean files to compare with, so this is an estimate: noise from files that were kept back, laid on clean ones.</source>
      <translation>तुलना के लिए साफ़ फ़ाइलें नहीं हैं, इसलिए यह अनुमान है: अलग रखी फ़ाइलों का शोर साफ़ फ़ाइलों पर रखकर।</translation>
    </message>
    <message>
      <source>What is hidden in your own noisy files it guesses as well as the starting model does.</source>
      <translation>आपकी शोर वाली फ़ाइलों में जो छिपा है उसे यह शुरुआती मॉडल जितना ही अच्छा बूझता है।</translation>
    </message>
    <message>
      <source>What is hidden in your own noisy files it guesses {0} dB better than it does.</source>
      <translation>आपकी शोर वाली फ़ाइलों में जो छिपा है उसे यह शुरुआती मॉडल से {0} dB बेहतर बूझता है।</translation>
    </message>
    <message>
      <source>What is hidden in your own noisy files it guesses {0} dB worse than it does.</source>
      <translation>आपकी शोर वाली फ़ाइलों में जो छिपा है उसे यह शुरुआती मॉडल से {0} dB बदतर बूझता है।</translation>
    </message>
    <message>
      <source>Leaving your files as they are would be better than this model.</source>
      <translation>इस मॉडल से तो फ़ाइलें जैसी हैं वैसी छोड़ना बेहतर है।</translation>
    </message>
    <message>
      <source>A classical filter does better than both models here.</source>
      <translation>यहाँ पारंपरिक फ़िल्टर दोनों मॉडलों से बेहतर है।</translation>
    </message>
    <message>
      <source>On other material it is {0} dB worse than the starting model: use it for files like these only.</source>
      <translation>दूसरी सामग्री पर यह शुरुआती मॉडल से {0} dB बदतर है: इसे केवल ऐसी ही फ़ाइलों के लिए काम में लें।</translation>
    </message>
    <message>
      <source>It changes what is clean already, to {0} dB (the starting model: {1} dB): look at the samples.</source>
      <translation>यह शोर के साथ आपकी फ़ाइलों का भी कुछ ले लेता है: नमूने देखें।</translation>
    </message>
    <message>
      <source>There is no clean file of that name.</source>
      <translation>इस नाम की कोई साफ़ फ़ाइल नहीं है।</translation>
    </message>
    <message>
      <source>There is no noisy file of that name.</source>
      <translation>इस नाम की कोई शोर वाली फ़ाइल नहीं है।</translation>
    </message>
    <message>
      <source>There is nothing in it.</source>
      <translation>इसमें कुछ नहीं है।</translation>
    </message>
    <message>
      <source>It is too small: {0} pixels a side are needed.</source>
      <translation>यह बहुत छोटी है: हर ओर {0} पिक्सेल चाहिए।</translation>
    </message>
    <message>
      <source>It is too short: {0} seconds are needed.</source>
      <translation>यह बहुत छोटी है: {0} सेकंड चाहिए।</translation>
    </message>
    <message>
      <source>It holds numbers that are none.</source>
      <translation>इसमें ऐसी संख्याएँ हैं जो संख्या नहीं हैं।</translation>
    </message>
    <message>
      <source>Its clean twin lay {0} and {1} pixels off; that was made good.</source>
      <translation>इसका साफ़ जोड़ा {0} और {1} पिक्सेल हटा हुआ था; इसे ठीक कर दिया गया।</translation>
    </message>
    <message>
      <source>Its clean twin lay {0} samples off; that was made good.</source>
      <translation>इसका साफ़ जोड़ा {0} सैंपल हटा हुआ था; इसे ठीक कर दिया गया।</translation>
    </message>
    <message>
      <source>It is shorter than {0} seconds.</source>
      <translation>यह {0} सेकंड से छोटी है।</translation>
    </message>
    <message>
      <source>It is silent.</source>
      <translation>इसमें सन्नाटा है।</translation>
    </message>
    <message>
      <source>It was recorded too loud: its peaks are cut off, and nothing can be learned of them.</source>
      <translation>यह बहुत ऊँची आवाज़ में रिकॉर्ड हुई: शिखर कट गए हैं, उनसे कुछ नहीं सीखा जा सकता।</translation>
    </message>
    <message>
      <source>This page is nearly black all over.</source>
      <translation>यह पन्ना लगभग पूरा काला है।</translation>
    </message>
    <message>
      <source>This page is blank: there is no ink on it to learn from.</source>
      <translation>यह पन्ना ख़ाली है: सीखने के लिए इस पर स्याही नहीं है।</translation>
    </message>
    <message>
      <source>It lasts {0} s; recordings of at least {1} s are needed.</source>
      <translation>यह {0} सेकंड की है; कम से कम {1} सेकंड की रिकॉर्डिंग चाहिए।</translation>
    </message>
    <message>
      <source>It is a flat line: there is no heart to learn from.</source>
      <translation>यह सपाट रेखा है: सीखने के लिए कोई धड़कन नहीं है।</translation>
    </message>
    <message>
      <source>Fewer than {0} heartbeats were found in it.</source>
      <translation>इसमें {0} से कम धड़कनें मिलीं।</translation>
    </message>
    <message>
      <source>It is of one colour all over: there is nothing to learn from it.</source>
      <translation>यह पूरी एक ही रंग की है: इससे कुछ नहीं सीखा जा सकता।</translation>
    </message>
    <message>
      <source>{0} % of it is pure black or white: there is nothing to learn.</source>
      <translation>इसका {0} % बिल्कुल काला या सफ़ेद है: सीखने को कुछ नहीं है।</translation>
    </message>
    <message>
      <source>No part of these photos is even enough to measure their noise in, so each pixel is learned from its neighbours.</source>
      <translation>इन फ़ोटो का कोई हिस्सा इतना समतल नहीं कि उसमें शोर मापा जा सके, इसलिए हर पिक्सेल अपने पड़ोसियों से सीखा जाता है।</translation>
    </message>
    <message>
      <source>That works only if the noise differs from pixel to pixel, which cannot be told here.</source>
      <translation>यह तभी काम करता है जब शोर हर पिक्सेल में अलग हो, जो यहाँ पता नहीं चल सकता।</translation>
    </message>
    <message>
      <source>The noise has stripes across or down, so it is measured where the photos are even, and learned from that.</source>
      <translation>शोर में आड़ी या खड़ी धारियाँ हैं, इसलिए उसे फ़ोटो के समतल हिस्सों में मापा और वहीं से सीखा जाता है।</translation>
    </message>
    <message>
      <source>The noise goes together in neighbouring pixels ({0} %), so it is measured where the photos are even, and learned from that.</source>
      <translation>शोर पड़ोसी पिक्सेलों में साथ चलता है ({0} %), इसलिए उसे फ़ोटो के समतल हिस्सों में मापा और वहीं से सीखा जाता है।</translation>
    </message>
    <message>
      <source>The noise has gone through JPEG, so it is measured where the photos are even, and learned from that.</source>
      <translation>शोर JPEG से गुज़र चुका है, इसलिए उसे फ़ोटो के समतल हिस्सों में मापा और वहीं से सीखा जाता है।</translation>
    </message>
    <message>
      <source>The noise differs from pixel to pixel, so each is learned from its neighbours.</source>
      <translation>शोर हर पिक्सेल में अलग है, इसलिए हर पिक्सेल अपने पड़ोसियों से सीखा जाता है।</translation>
    </message>
    <message>
      <source>There is hardly any noise in these photos, so there may be nothing to gain.</source>
      <translation>इन फ़ोटो में शोर लगभग नहीं है, इसलिए शायद कोई फ़ायदा न हो।</translation>
    </message>
    <message>
      <source>Hardly any part of these photos is even: fine texture may be taken for noise.</source>
      <translation>इन फ़ोटो में समतल हिस्से लगभग नहीं हैं: बारीक बनावट शोर समझी जा सकती है।</translation>
    </message>
    <message>
      <source>These photos show JPEG blocks, which are not learned: use the camera's own files.</source>
      <translation>इन फ़ोटो में JPEG के खाने दिखते हैं, जो सीखे नहीं जाते: कैमरे की मूल फ़ाइलें लें।</translation>
    </message>
    <message>
      <source>Hardly any pauses were found between words. Where the model finds none either, what it takes off each recording is laid over other voices.</source>
      <translation>शब्दों के बीच लगभग कोई ठहराव नहीं मिला। जहाँ मॉडल को भी नहीं मिलता, वहाँ वह हर रिकॉर्डिंग से जो हटाता है उसे दूसरी आवाज़ों पर डाला जाता है।</translation>
    </message>
    <message>
      <source>Without pauses the noise cannot be heard alone: the result may be no better than the model it starts from.</source>
      <translation>ठहराव के बिना शोर अकेला नहीं सुना जा सकता: नतीजा शायद शुरुआती मॉडल से बेहतर न हो।</translation>
    </message>
    <message>
      <source>Between the words of {0} of {1} recordings about {2} seconds of noise are heard alone. They are laid over voices, and the model learns to take them off again.</source>
      <translation>{1} में से {0} रिकॉर्डिंग में शब्दों के बीच लगभग {2} सेकंड शोर अकेला सुनाई देता है। उसे आवाज़ों पर डाला जाता है, और मॉडल उसे फिर हटाना सीखता है।</translation>
    </message>
    <message>
      <source>The recordings have mains hum of {0} Hz. The option “Hum only” takes that off without any learning.</source>
      <translation>रिकॉर्डिंग में {0} Hz की बिजली की गूँज है। “सिर्फ़ गूँज” विकल्प उसे बिना सीखे हटा देता है।</translation>
    </message>
    <message>
      <source>The paper of your pages, with their ink taken off, is laid under clean text. To guess pixels from those around them does not suit paper: stains and texture go on from pixel to pixel as ink does.</source>
      <translation>आपके पन्नों का काग़ज़, स्याही हटाकर, साफ़ पाठ के नीचे रखा जाता है। आसपास के पिक्सेलों से अनुमान लगाना काग़ज़ के लिए ठीक नहीं: दाग़ और बनावट स्याही की तरह ही पिक्सेल दर पिक्सेल चलते हैं।</translation>
    </message>
    <message>
      <source>These pages are black and white only: there is no paper on them to learn from.</source>
      <translation>ये पन्ने सिर्फ़ काले-सफ़ेद हैं: सीखने के लिए इन पर काग़ज़ नहीं है।</translation>
    </message>
    <message>
      <source>The paper of these pages is nearly white already: there is little to learn.</source>
      <translation>इन पन्नों का काग़ज़ पहले से लगभग सफ़ेद है: सीखने को कम है।</translation>
    </message>
    <message>
      <source>Heartbeats repeat, noise does not: {0} beats were averaged, and what they leave of your recordings is the noise. It is laid on clean hearts, and the model learns to take it off.</source>
      <translation>धड़कनें दोहराती हैं, शोर नहीं: {0} धड़कनों का औसत लिया गया, और आपकी रिकॉर्डिंग में जो बचा वही शोर है। उसे साफ़ धड़कनों पर डाला जाता है, और मॉडल उसे हटाना सीखता है।</translation>
    </message>
    <message>
      <source>Only {0} heartbeats were found, too few to tell noise from the heart. Add longer recordings, or some with less noise.</source>
      <translation>सिर्फ़ {0} धड़कनें मिलीं, शोर और धड़कन में फ़र्क़ करने के लिए बहुत कम। लंबी रिकॉर्डिंग जोड़ें, या कम शोर वाली।</translation>
    </message>
    <message>
      <source>The noise hides the heartbeats, so that some of them may be learned as noise. Add recordings with less of it, and compare what comes out with the originals.</source>
      <translation>शोर धड़कनों को छिपा देता है, इसलिए उनमें से कुछ शोर के रूप में सीखी जा सकती हैं। कम शोर वाली रिकॉर्डिंग जोड़ें, और नतीजे की मूल से तुलना करें।</translation>
    </message>
    <message>
      <source>Without clean twins pages seldom get better by much: compare the samples.</source>
      <translation>साफ़ जोड़ों के बिना पन्ने कम ही ज़्यादा बेहतर होते हैं: नमूनों की तुलना करें।</translation>
    </message>
  </context>
</TS>
